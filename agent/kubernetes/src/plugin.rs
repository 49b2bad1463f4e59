//! Credentials from a program the kubeconfig names (`exec`).

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use pulse_protocol::{Time, text};
use serde::Deserialize;
use serde_json::json;

use crate::error::Error;
use crate::kubeconfig::{Cluster, Exec};
use crate::port::{Invocation, Programs};

/// Longest run; logging in over the network takes seconds.
const TIME: Duration = Duration::from_secs(15);

/// Most bytes of output.
const OUTPUT: usize = 256 * 1024;

/// What a program gave.
pub(crate) struct Credentials {
    pub(crate) token: Option<String>,
    /// Certificate and key, PEM.
    pub(crate) certificate: Option<(Vec<u8>, Vec<u8>)>,
    /// When they end.
    pub(crate) expires: Option<Time>,
}

#[derive(Deserialize)]
struct Answer {
    status: Option<Status>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    token: Option<String>,
    client_certificate_data: Option<String>,
    client_key_data: Option<String>,
    expiration_timestamp: Option<Time>,
}

/// Runs the program and reads its answer.
pub(crate) async fn run(
    exec: &Exec,
    cluster: &Cluster,
    home: Option<&Path>,
    programs: &Arc<dyn Programs>,
) -> Result<Credentials, Error> {
    let name = exec.command.clone();
    // Named without its directory: where it lies is nobody's business but the operator's.
    let program = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let program = text::fit(program, 64).into_owned();
    let failed = |why: &str| Error::Plugin {
        program: program.clone(),
        why: why.to_owned(),
    };
    if exec.interactive_mode.as_deref() == Some("Always") {
        return Err(failed("it wants to talk to a person"));
    }
    let invocation = invocation(exec, cluster, name, home);
    let programs = Arc::clone(programs);
    let ran = tokio::task::spawn_blocking(move || programs.run(&invocation)).await;
    let output = ran.map_err(|error| failed(&error.to_string()))?;
    let output = output.map_err(|why| failed(&why))?;
    // What it wrote is not repeated: it holds the token.
    let answer: Answer = serde_json::from_slice(&output)
        .map_err(|_| failed("what it wrote is no ExecCredential"))?;
    let status = answer.status.ok_or_else(|| failed("it wrote no status"))?;
    let certificate = status.client_certificate_data.map(String::into_bytes);
    let key = status.client_key_data.map(String::into_bytes);
    let certificate = certificate.zip(key);
    let token = status.token.filter(|token| !token.is_empty());
    if token.is_none() && certificate.is_none() {
        return Err(failed("it wrote neither a token nor a certificate"));
    }
    Ok(Credentials {
        token,
        certificate,
        expires: status.expiration_timestamp,
    })
}

fn invocation(exec: &Exec, cluster: &Cluster, program: String, home: Option<&Path>) -> Invocation {
    let mut environment = Vec::new();
    if let Some(home) = home {
        environment.push(("HOME".to_owned(), home.to_string_lossy().into_owned()));
    }
    for variable in exec.env.iter().flatten() {
        environment.push((variable.name.clone(), variable.value.clone()));
    }
    let mut spec = json!({"interactive": false});
    if exec.provide_cluster_info == Some(true) {
        spec["cluster"] = json!({
            "server": cluster.server,
            "certificate-authority-data": cluster.certificate_authority_data,
            "tls-server-name": cluster.tls_server_name,
            "insecure-skip-tls-verify": cluster.insecure_skip_tls_verify,
        });
    }
    let asked = json!({
        "apiVersion": exec.api_version,
        "kind": "ExecCredential",
        "spec": spec,
    });
    environment.push(("KUBERNETES_EXEC_INFO".to_owned(), asked.to_string()));
    Invocation {
        program,
        arguments: exec.args.clone().unwrap_or_default(),
        environment,
        time: TIME,
        output: OUTPUT,
    }
}
