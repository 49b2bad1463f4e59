//! Where agents post and ask. Each path is also what a report proof signs.

/// Host reports.
pub const HOST_REPORT: &str = "/api/agents/agent/report";
/// Docker reports.
pub const DOCKER_REPORT: &str = "/api/agents/docker/report";
/// Kubernetes reports.
pub const KUBERNETES_REPORT: &str = "/api/agents/kubernetes/report";
/// Enrolment.
pub const ENROL: &str = "/api/agents/agent/enroll";
/// An agent asking what the server calls it.
pub const LOOKUP: &str = "/api/agents/agent/lookup";
/// An agent's good-bye.
pub const UNINSTALL: &str = "/api/agents/agent/uninstall";
/// Which agent version is on offer.
pub const AGENT_VERSION: &str = "/api/agent/version";
/// The command channel.
pub const CHANNEL: &str = "/api/agent/ws";
