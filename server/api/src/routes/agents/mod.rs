//! Agents: what they call (reports, enrolment, acknowledgements), and how operators manage them.

mod clusters;
mod command;
mod config;
mod decide;
mod engines;
mod enrol;
mod lifecycle;
mod report;
mod whom;

pub(super) use engines::ask_for_updates;

use super::row::{Category, Routes};
use crate::access::Access;
use pulse_protocol::enrol::{EnrolAnswer, EnrolRequest};
use pulse_protocol::report::docker::{DockerReport, DockerReportAnswer};
use pulse_protocol::report::host::{HostReport, HostReportAnswer};
use pulse_protocol::report::kubernetes::{KubernetesReport, KubernetesReportAnswer};
use pulse_security::Scope;

pub(super) fn routes() -> Routes {
    let areas = [lifecycle::add, config::add, engines::add, clusters::add];
    areas
        .into_iter()
        .fold(arriving(), |routes, add| add(routes))
}

/// What an agent sends of its own accord.
fn arriving() -> Routes {
    let report = Access::Scope(Scope::AgentReport);
    let largest = pulse_sources::agent::HOST_LIMITS.encoded;
    Routes::new("agents")
        .post(
            "/api/agents/agent/report",
            report,
            "A machine as its own agent sees it",
            report::host,
        )
        .takes_from_agents::<HostReport>()
        .answers_agents::<HostReportAnswer>()
        .body_limit(largest)
        .limited(Category::Reports)
        .post(
            "/api/agents/host/report",
            report,
            "The report under its older path",
            report::host,
        )
        .takes_from_agents::<HostReport>()
        .answers_agents::<HostReportAnswer>()
        .body_limit(largest)
        .limited(Category::Reports)
        .legacy()
        .post(
            "/api/agents/docker/report",
            Access::Scope(Scope::DockerReport),
            "A container engine and what it keeps, as an agent sees it",
            report::docker,
        )
        .takes_from_agents::<DockerReport>()
        .answers_agents::<DockerReportAnswer>()
        .body_limit(pulse_sources::agent::DOCKER_LIMITS.encoded)
        .limited(Category::Reports)
        .post(
            "/api/agents/kubernetes/report",
            Access::Scope(Scope::KubernetesReport),
            "A Kubernetes cluster and what is in it, as an agent sees it",
            report::kubernetes,
        )
        .takes_from_agents::<KubernetesReport>()
        .answers_agents::<KubernetesReportAnswer>()
        .body_limit(pulse_sources::agent::KUBERNETES_LIMITS.encoded)
        .limited(Category::Reports)
        .post(
            "/api/agents/agent/enroll",
            Access::Enrolment,
            "Trades an enrolment code for a token of the agent's own",
            enrol::enrol,
        )
        .takes_from_agents::<EnrolRequest>()
        .answers_agents::<EnrolAnswer>()
        .post(
            "/api/agents/host/enroll",
            Access::Enrolment,
            "Enrolment under its older path",
            enrol::enrol,
        )
        .takes_from_agents::<EnrolRequest>()
        .answers_agents::<EnrolAnswer>()
        .legacy()
}
