//! Settings of what reads a Kubernetes cluster, and the variables a pod and other tools go by.

use std::path::PathBuf;

use pulse_agent_kubernetes::{MOST_PODS, Namespaces, Places, Settings};
use pulse_protocol::limits;

use super::{Values, bad};
use crate::error::Error;

/// Where a pod finds its service account.
const SERVICE_ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// Whether and how a cluster is reported.
#[derive(Clone, Debug, Default)]
pub struct KubernetesConfig {
    /// Whether it is reported at all.
    pub enabled: bool,
    /// Where the cluster is looked for.
    pub places: Places,
    /// What is read of it.
    pub settings: Settings,
}

impl Values<'_> {
    pub(super) fn kubernetes(&self) -> Result<KubernetesConfig, Error> {
        let variable = |name: &str| {
            let value = (self.env)(name).map(|value| value.trim().to_owned());
            value.filter(|value| !value.is_empty())
        };
        let home = variable("HOME").or_else(|| variable("USERPROFILE"));
        let home = home.map(PathBuf::from);
        let usual = match variable("KUBECONFIG") {
            Some(paths) => std::env::split_paths(&paths)
                .filter(|path| !path.as_os_str().is_empty())
                .collect(),
            None => home.iter().map(|home| home.join(".kube/config")).collect(),
        };
        Ok(KubernetesConfig {
            enabled: self.switch("enable-kubernetes").unwrap_or(false),
            places: Places {
                kubeconfig: self.text("kubeconfig").map(PathBuf::from),
                context: self.text("kube-context"),
                in_cluster: variable("KUBERNETES_SERVICE_HOST")
                    .zip(variable("KUBERNETES_SERVICE_PORT")),
                service_account: PathBuf::from(SERVICE_ACCOUNT),
                usual,
                home,
            },
            settings: Settings {
                namespaces: Namespaces {
                    include: self.list("kube-include-namespace"),
                    exclude: self.list("kube-exclude-namespace"),
                },
                all_pods: self.switch("kube-include-all-pods").unwrap_or(false),
                all_deployments: self.switch("kube-include-all-deployments").unwrap_or(false),
                most_pods: self.most_pods()?,
            },
        })
    }

    fn most_pods(&self) -> Result<usize, Error> {
        let Some(text) = self.text("kube-max-pods") else {
            return Ok(MOST_PODS);
        };
        let most = text.parse().ok();
        let most = most.filter(|most| (1..=limits::PODS).contains(most));
        let wanted = || format!("a number from 1 to {}", limits::PODS);
        most.ok_or_else(|| bad("kube-max-pods", &wanted()))
    }
}
