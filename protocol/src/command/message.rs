//! The catalogue of messages, in both directions.

use serde::ser::SerializeStruct;

use super::*;
use crate::error::Error;
use crate::reader::{self, Rules};

/// One direction's messages.
pub trait Message: Sized {
    /// Reads the payload of a type.
    fn read(kind: &str, payload: &[u8]) -> Result<Self, Error>;
    /// Returns the type's name on the wire.
    fn kind(&self) -> &str;
    /// Writes the member `payload`, if the type has one.
    fn write_payload<S: SerializeStruct>(&self, frame: &mut S) -> Result<(), S::Error>;
}

/// Declares one direction. A `lenient` payload is softened like a report; a `strict` one is taken
/// to the letter and then has to hold to its contract.
macro_rules! messages {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $(plain $plain:ident = $plain_word:literal: $plain_doc:literal;)*
            $(lenient $soft:ident = $soft_word:literal: $soft_doc:literal;)*
            $(strict $hard:ident = $hard_word:literal: $hard_doc:literal;)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $name {
            $(#[doc = $plain_doc] $plain,)*
            $(#[doc = $soft_doc] $soft($soft),)*
            $(#[doc = $hard_doc] $hard($hard),)*
            /// A type this version does not know, to be ignored.
            Unknown(String),
        }

        impl $name {
            /// The types' names on the wire.
            pub const KINDS: &[&str] = &[$($plain_word,)* $($soft_word,)* $($hard_word,)*];
        }

        impl Message for $name {
            fn read(kind: &str, payload: &[u8]) -> Result<Self, Error> {
                match kind {
                    $($plain_word => Ok(Self::$plain),)*
                    $($soft_word => Ok(Self::$soft(read_lenient(payload)?)),)*
                    $($hard_word => {
                        let (payload, _) = reader::read::<$hard>(payload, Rules::Strict)?;
                        payload.check()?;
                        Ok(Self::$hard(payload))
                    })*
                    other => Ok(Self::Unknown(other.to_owned())),
                }
            }

            fn kind(&self) -> &str {
                match self {
                    $(Self::$plain => $plain_word,)*
                    $(Self::$soft(_) => $soft_word,)*
                    $(Self::$hard(_) => $hard_word,)*
                    Self::Unknown(kind) => kind,
                }
            }

            fn write_payload<S: SerializeStruct>(&self, frame: &mut S) -> Result<(), S::Error> {
                match self {
                    $(Self::$plain => Ok(()),)*
                    $(Self::$soft(payload) => frame.serialize_field("payload", payload),)*
                    $(Self::$hard(payload) => frame.serialize_field("payload", payload),)*
                    Self::Unknown(_) => Ok(()),
                }
            }
        }
    };
}

messages! {
    /// What the server says to the agent.
    #[expect(clippy::large_enum_variant, reason = "one at a time is read, handled and dropped")]
    pub enum FromServer {
        plain Pong = "pong": "Answer to a ping.";
        lenient Registered = "registered": "Answer to a registration.";
        lenient ExecuteCommand = "execute_command": "Run a command line.";
        lenient CancelCommand = "cancel_command": "Stop a running command.";
        lenient ReadFile = "read_file": "Read a file.";
        lenient DeployPreflight = "deploy_preflight": "Look whether agents could be installed.";
        lenient DeployInstall = "deploy_install": "Install agents on sibling nodes.";
        lenient DeployCancel = "deploy_cancel": "Stop a deployment.";
        strict HostUpdate = "host_update": "Install pending packages.";
        strict HostStorageCleanup = "host_storage_cleanup": "Clean the package cache.";
        strict DockerContainerLifecycle = "docker_container_lifecycle":
            "Start, stop or restart a container.";
        strict DockerContainerUpdate = "docker_container_update": "Update a container's image.";
        strict ActionPreflight = "action_preflight": "Look whether an operation could be done.";
        strict OperationQuery = "agent_operation_query": "What became of an operation?";
    }
}

messages! {
    /// What the agent says to the server.
    pub enum FromAgent {
        plain Ping = "agent_ping": "Sign of life.";
        lenient Register = "agent_register": "First message: who the agent is.";
        lenient CommandResult = "command_result": "Result of a command or a file read.";
        lenient DeployProgress = "deploy_progress": "Progress of a deployment.";
        strict HostUpdateResult = "host_update_result": "Result of installing packages.";
        strict HostStorageCleanupResult = "host_storage_cleanup_result":
            "Result of cleaning the package cache.";
        strict DockerContainerLifecycleResult = "docker_container_lifecycle_result":
            "Result of starting, stopping or restarting a container.";
        strict DockerContainerUpdateResult = "docker_container_update_result":
            "Result of updating a container.";
        strict ActionPreflightResult = "action_preflight_result":
            "Whether an operation could be done.";
        strict OperationQueryResult = "agent_operation_query_result":
            "What became of an operation.";
    }
}

fn read_lenient<T: serde::de::DeserializeOwned>(payload: &[u8]) -> Result<T, Error> {
    // Go sends `null` for a payload that was never set.
    let payload = if payload == b"null" { b"{}" } else { payload };
    Ok(reader::read(payload, Rules::Message)?.0)
}
