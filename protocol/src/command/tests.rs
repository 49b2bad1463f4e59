//! The channel holds its contracts: digests, checks and refusals.

use sha2::{Digest as _, Sha256};

use super::*;
use crate::error::Error;
use crate::ids::Digest;

const ZEROS: Digest = Digest([0; 32]);

fn lifecycle() -> DockerContainerLifecycle {
    DockerContainerLifecycle {
        request_id: "req-1".into(),
        action_id: "act-1".into(),
        operation: LifecycleOperation::RestartContainer,
        operation_version: 1,
        request_digest: ZEROS,
        runtime: Runtime::Docker,
        container_id: "0123456789ab".into(),
        expected_state: "running".into(),
        expected_started_at: Some("2026-01-02T03:04:05Z".parse().unwrap()),
        timeout: None,
    }
}

fn host_update() -> HostUpdate {
    HostUpdate {
        request_id: "req-1".into(),
        action_id: "act-1".into(),
        operation: HostUpdateOperation::InstallOsUpdates,
        operation_version: 1,
        request_digest: ZEROS,
        expected_inventory_hash: ZEROS,
        timeout: None,
    }
}

fn host_update_result() -> HostUpdateResult {
    HostUpdateResult {
        request_id: "req-1".into(),
        action_id: "act-1".into(),
        success: true,
        execution_phase: HostUpdatePhase::Complete,
        mutation_started: true,
        before: None,
        after: Some(PackageSnapshot {
            supported: true,
            manager: "apt".into(),
            inventory_hash: Some(ZEROS),
            ..PackageSnapshot::default()
        }),
        health_checked: true,
        package_manager_healthy: true,
        recovery_required: false,
        verification: Verification::Verified,
        reason_code: None,
        error: String::new(),
        duration_ms: 1,
    }
}

fn digest(operation: &impl TypedOperation) -> String {
    hex::encode(Sha256::digest(operation.digest_text()))
}

fn read_back(message: FromServer) -> Result<FromServer, Error> {
    let frame = Frame {
        id: "req-1".into(),
        timestamp: None,
        message,
    };
    let json = serde_json::to_vec(&frame).unwrap();
    Frame::from_json(&json).map(|frame| frame.message)
}

fn answer(message: FromAgent) -> Result<FromAgent, Error> {
    let frame = Frame {
        id: "req-1".into(),
        timestamp: None,
        message,
    };
    Frame::from_json(&serde_json::to_vec(&frame).unwrap()).map(|frame| frame.message)
}

#[test]
fn request_digests_agree_with_the_original() {
    assert_eq!(
        digest(&host_update()),
        "e7a4ff34e53d01175d19fa22ea2881f3bba7422d7aaf444d24dfd263b7137469"
    );
    let cleanup = HostStorageCleanup {
        request_id: "req-1".into(),
        action_id: "act-1".into(),
        operation: HostStorageCleanupOperation::CleanPackageCache,
        operation_version: 1,
        request_digest: ZEROS,
        expected_fingerprint: ZEROS,
        timeout: None,
    };
    assert_eq!(
        digest(&cleanup),
        "fb226be3874718f00eb80fa0140a7bb597da0b10441f9cfe066f3bc5814dfb35"
    );
    assert_eq!(
        digest(&lifecycle()),
        "85b800378ba26410509a3b67098c735f312376adec9509d4d634dd3e5d89d228"
    );
    let update = DockerContainerUpdate {
        request_id: "req-1".into(),
        action_id: "act-1".into(),
        operation: DockerUpdateOperation::UpdateContainer,
        operation_version: 1,
        request_digest: ZEROS,
        runtime: Runtime::Docker,
        container_id: "0123456789ab".into(),
        expected_image_digest: ZEROS,
        timeout: None,
    };
    assert_eq!(
        digest(&update),
        "be58ad889f0909cd0ffdb18190e587546d0187f8967a3a8e8720be36ad6fb11d"
    );
}

#[test]
fn a_container_never_started_is_hashed_with_the_zero_time() {
    let never = DockerContainerLifecycle {
        expected_started_at: None,
        ..lifecycle()
    };
    assert!(
        never
            .digest_text()
            .ends_with(r#""expected_started_at":"0001-01-01T00:00:00Z"}"#)
    );
    assert_eq!(
        read_back(FromServer::DockerContainerLifecycle(never.clone())).unwrap(),
        FromServer::DockerContainerLifecycle(never)
    );
}

#[test]
fn an_operation_without_a_timeout_has_the_usual_one() {
    assert_eq!(lifecycle().allowed_seconds(), 120);
    assert_eq!(
        HostUpdate {
            timeout: Some(30),
            ..host_update()
        }
        .allowed_seconds(),
        30
    );
}

#[test]
fn an_operation_that_breaks_its_contract_is_refused() {
    let good = lifecycle();
    assert!(read_back(FromServer::DockerContainerLifecycle(good.clone())).is_ok());
    for bad in [
        DockerContainerLifecycle {
            request_id: " ".into(),
            ..good.clone()
        },
        DockerContainerLifecycle {
            action_id: "a".repeat(129),
            ..good.clone()
        },
        DockerContainerLifecycle {
            operation_version: 2,
            ..good.clone()
        },
        DockerContainerLifecycle {
            container_id: "0123456789a".into(),
            ..good.clone()
        },
        DockerContainerLifecycle {
            container_id: "0123456789ab\n".into(),
            ..good.clone()
        },
        DockerContainerLifecycle {
            container_id: "../0123456789".into(),
            ..good.clone()
        },
        DockerContainerLifecycle {
            expected_state: "x".repeat(33),
            ..good.clone()
        },
        DockerContainerLifecycle {
            timeout: Some(301),
            ..good
        },
    ] {
        assert!(
            read_back(FromServer::DockerContainerLifecycle(bad.clone())).is_err(),
            "{bad:?}"
        );
    }
}

#[test]
fn an_operation_is_taken_to_the_letter() {
    let frame = Frame {
        id: String::new(),
        timestamp: None,
        message: FromServer::HostUpdate(host_update()),
    };
    let good = serde_json::to_string(&frame).unwrap();
    let read = |json: &str| Frame::<FromServer>::from_json(json.as_bytes());
    assert!(read(&good).is_ok());
    for (from, to) in [
        (r#""request_id""#, r#""extra":1,"request_id""#),
        (r#""request_id""#, r#""request_id":"a","request_id""#),
        (r#""operation_version":1"#, r#""operation_version":1.0"#),
        (r#""operation_version":1"#, r#""operation_version":"1""#),
        (r#""operation_version":1"#, r#""operation_version":null"#),
        (r#""operation_version":1,"#, ""),
        ("install_os_updates", "install_os_update"),
        ("install_os_updates", "Install_os_updates"),
        (r#""install_os_updates""#, r#"{"install_os_updates":null}"#),
        ("sha256:00", "sha256:0"),
        ("sha256:", "SHA256:"),
        (r#""act-1""#, "null"),
    ] {
        assert!(good.contains(from), "{from}");
        assert!(read(&good.replacen(from, to, 1)).is_err(), "{from} -> {to}");
    }
}

#[test]
fn a_result_that_claims_more_than_it_shows_is_refused() {
    let good = host_update_result();
    assert!(answer(FromAgent::HostUpdateResult(good.clone())).is_ok());
    let pending = PackageSnapshot {
        pending_count: 1,
        ..good.after.clone().unwrap()
    };
    let partial = HostUpdateResult {
        success: false,
        execution_phase: HostUpdatePhase::Install,
        verification: Verification::Failed,
        ..good.clone()
    };
    for bad in [
        HostUpdateResult {
            after: None,
            ..good.clone()
        },
        HostUpdateResult {
            after: Some(pending),
            ..good.clone()
        },
        HostUpdateResult {
            success: false,
            ..good.clone()
        },
        HostUpdateResult {
            execution_phase: HostUpdatePhase::Refresh,
            ..good.clone()
        },
        HostUpdateResult {
            reason_code: Some("package_manager_busy".into()),
            ..good.clone()
        },
        HostUpdateResult {
            error: "x".repeat(1_025),
            ..good
        },
        partial.clone(),
    ] {
        assert!(
            answer(FromAgent::HostUpdateResult(bad.clone())).is_err(),
            "{bad:?}"
        );
    }
    let told = HostUpdateResult {
        recovery_required: true,
        ..partial
    };
    assert!(answer(FromAgent::HostUpdateResult(told)).is_ok());
}

#[test]
fn a_cleanup_must_account_for_what_it_freed() {
    let snapshot = |bytes| {
        Some(CleanupSnapshot {
            provider: "apt-package-cache".into(),
            reclaimable_bytes: bytes,
            ..CleanupSnapshot::default()
        })
    };
    let freed = |reclaimed_bytes| {
        answer(FromAgent::HostStorageCleanupResult(
            HostStorageCleanupResult {
                request_id: "req-1".into(),
                action_id: "act-1".into(),
                success: true,
                execution_phase: HostStorageCleanupPhase::Complete,
                mutation_started: true,
                before: snapshot(100),
                after: snapshot(40),
                reclaimed_bytes,
                verification: Verification::Verified,
                reason_code: None,
                error: String::new(),
                duration_ms: 1,
            },
        ))
    };
    assert!(freed(60).is_ok());
    assert!(freed(61).is_err());
    assert!(freed(u64::MAX).is_err());
}

#[test]
fn a_preflight_asks_about_exactly_one_operation_of_its_own_request() {
    let one = ActionPreflight {
        request_id: "req-1".into(),
        protocol_version: 1,
        host_update: Some(host_update()),
        storage_cleanup: None,
        docker_lifecycle: None,
        docker_update: None,
    };
    assert!(read_back(FromServer::ActionPreflight(one.clone())).is_ok());
    for bad in [
        ActionPreflight {
            host_update: None,
            ..one.clone()
        },
        ActionPreflight {
            docker_lifecycle: Some(lifecycle()),
            ..one.clone()
        },
        ActionPreflight {
            request_id: "req-2".into(),
            ..one.clone()
        },
        ActionPreflight {
            protocol_version: 2,
            ..one
        },
    ] {
        assert!(read_back(FromServer::ActionPreflight(bad)).is_err());
    }
}

#[test]
fn a_preflight_gives_a_reason_when_and_only_when_it_refuses() {
    let result = |feasible, reason: Option<&str>| {
        answer(FromAgent::ActionPreflightResult(ActionPreflightResult {
            request_id: "req-1".into(),
            protocol_version: 1,
            operation: "install_os_updates".into(),
            operation_version: 1,
            request_digest: ZEROS,
            feasible,
            reason_code: reason.map(str::to_owned),
            checked_at: "2026-01-02T03:04:05Z".parse().unwrap(),
        }))
    };
    assert!(result(true, None).is_ok());
    assert!(result(false, Some("package_manager_busy")).is_ok());
    assert!(result(false, None).is_err());
    assert!(result(true, Some("package_manager_busy")).is_err());
    assert!(result(false, Some("Not A Word")).is_err());
    assert!(result(false, Some("")).is_err());
}

#[test]
fn a_query_result_has_a_record_when_and_only_when_something_was_found() {
    let result = |status| {
        answer(FromAgent::OperationQueryResult(OperationQueryResult {
            version: 1,
            status,
            record: None,
        }))
    };
    assert!(result(QueryStatus::NotFound).is_ok());
    assert!(result(QueryStatus::FoundTerminal).is_err());
}

#[test]
fn a_token_does_not_show_in_the_debug_text_of_its_message() {
    let register = Register {
        token: crate::token::Token::new("s3cret"),
        ..Register::default()
    };
    assert!(!format!("{register:?}").contains("s3cret"));
}
