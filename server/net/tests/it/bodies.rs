//! What is read of an answer, and what is not followed.

use pulse_net::{Error, Options, client, read_capped};

use crate::server;

async fn get(url: String) -> reqwest::Response {
    let options = Options {
        proxies: false,
        ..Options::default()
    };
    client(&options)
        .expect("a client")
        .get(url)
        .send()
        .await
        .expect("an answer")
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_read() {
    let url = server::plain("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello").await;
    assert_eq!(
        read_capped(get(url).await, 5).await.expect("a body"),
        b"hello"
    );
}

#[tokio::test]
async fn an_announced_body_over_the_limit_is_refused() {
    let url = server::plain("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello").await;
    assert!(matches!(
        read_capped(get(url).await, 4).await,
        Err(Error::TooLarge { limit: 4 })
    ));
}

#[tokio::test]
async fn a_body_of_unknown_length_over_the_limit_is_refused() {
    let url = server::plain("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhello").await;
    assert!(matches!(
        read_capped(get(url).await, 4).await,
        Err(Error::TooLarge { limit: 4 })
    ));
}

#[tokio::test]
async fn a_redirect_is_handed_back_and_not_followed() {
    let elsewhere =
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
    let answer = get(server::plain(elsewhere).await).await;
    assert_eq!(answer.status(), 302);
}
