//! Asks an address on this machine or in its network for one value: plain HTTP, nothing followed.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Instant;

use crate::exec::Limits;

/// Returns the body of the answer.
pub(super) fn get(url: &str, limits: Limits) -> Result<String, String> {
    let deadline = Instant::now() + limits.time;
    let rest = url.strip_prefix("http://").unwrap_or(url);
    let (host, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, "/"),
    };
    let is_plain = |text: &str| text.bytes().all(|b| b.is_ascii_graphic()) && !text.contains('@');
    if host.is_empty() || !is_plain(host) || !is_plain(path) {
        return Err("the address cannot be read".to_owned());
    }
    let has_port = host.rsplit(':').next().is_some_and(|port| {
        host.contains(':') && !port.contains(']') && port.parse::<u16>().is_ok()
    });
    let place = if has_port {
        host.to_owned()
    } else {
        format!("{host}:80")
    };
    let io = |error: std::io::Error| error.to_string();
    let address = place.to_socket_addrs().map_err(io)?.next();
    let address = address.ok_or_else(|| "the name leads nowhere".to_owned())?;
    let mut stream = TcpStream::connect_timeout(&address, limits.time).map_err(io)?;
    stream.set_write_timeout(Some(limits.time)).map_err(io)?;
    let request = format!("GET {path} HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).map_err(io)?;
    let answer = read_all(&mut stream, limits.output, deadline)?;
    body(&answer)
}

/// Reads to the end, however slowly it trickles in, but not past the deadline.
fn read_all(stream: &mut TcpStream, limit: usize, deadline: Instant) -> Result<String, String> {
    /// The head of an answer is not what is limited.
    const HEAD: usize = 8 * 1024;
    let mut answer = Vec::new();
    let mut part = [0; 1_024];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err("no answer in time".to_owned());
        }
        stream
            .set_read_timeout(Some(left))
            .map_err(|error| error.to_string())?;
        match stream.read(&mut part) {
            Ok(0) => break,
            Ok(count) => answer.extend_from_slice(&part[..count]),
            Err(error) => return Err(error.to_string()),
        }
        if answer.len() > limit + HEAD {
            return Err(format!("it answered with more than {limit} bytes"));
        }
    }
    Ok(crate::tools::lossy(answer))
}

fn body(answer: &str) -> Result<String, String> {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    let code = head.split(' ').nth(1).unwrap_or_default();
    if !head.starts_with("HTTP/1.") {
        return Err("it does not speak HTTP".to_owned());
    }
    if code != "200" {
        return Err(format!(
            "it answered with {}",
            code.chars().take(3).collect::<String>()
        ));
    }
    Ok(body.to_owned())
}
