//! Real engines: Docker, a registry, Swarm, Podman. Run by packaging/make/docker.sh, in namespaces
//! of their own, so that nothing they start or mount outlives the tests.
#![cfg(target_os = "linux")]

#[cfg(test)]
mod docker;
#[cfg(test)]
mod machine;
#[cfg(test)]
mod podman;
#[cfg(test)]
mod registry;
#[cfg(test)]
mod swarm;
