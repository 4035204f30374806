//! `relevo destroy` against an account that stands in for AWS.

use relevo_deploy::destroy::{DestroyError, destroy, look};

use crate::stand_in::Account;

#[test]
fn what_is_left_is_said() {
    let account = Account::new().stack("CREATE_COMPLETE", &[]);
    assert!(look(&account, "s", None).unwrap().is_some());
    let left = destroy(&account, "s", None, &mut |_| {}).unwrap().join("\n");
    for part in ["the key", "transcripts", "bucket", "relevo/s/KEY"] {
        assert!(left.contains(part), "{part}: {left}");
    }
    assert_eq!(look(&account, "s", None).unwrap(), None, "the second time there is nothing");
}

#[test]
fn a_stack_that_stays_says_why() {
    let busy = Account::new().stack("UPDATE_IN_PROGRESS", &[]);
    assert!(matches!(look(&busy, "s", None), Err(DestroyError::Busy(..))));
    let held = Account::new().stack("CREATE_COMPLETE", &[]).fault("sam delete", "", "");
    let error = destroy(&held, "s", None, &mut |_| {}).unwrap_err().to_string();
    assert!(error.contains("Invalid flow") && error.contains("same command again"), "{error}");
    let denied = Account::new().fault("cloudformation describe-stacks", "AccessDenied", "not authorized");
    assert!(look(&denied, "s", None).unwrap_err().to_string().contains("AccessDenied"));
}
