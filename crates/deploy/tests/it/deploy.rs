//! `relevo deploy` against an account that stands in for AWS.

use std::{collections::BTreeSet, path::Path};

use relevo_deploy::deploy::{DeployError, Deployed, Found, Plan, check, commands, deploy, parameters::Parameters};
use serde_json::json;

use crate::stand_in::{Account, INSTANCE};

struct Run {
    found: Found,
    done: Option<Result<Deployed, DeployError>>,
    said: Vec<String>,
}

fn plan(work: &Path) -> Plan<'_> {
    Plan {
        stack: "s",
        region: Some("eu-west-1"),
        template: "Resources: {}\n",
        bot: Path::new("/bots/mine"),
        source: Path::new("/src"),
        binaries: None,
        flags: Vec::new(),
        work,
        asks_bedrock: true,
        secrets: BTreeSet::new(),
        confirm: false,
    }
}

fn run_with(account: &Account, given: &[&str], change: impl Fn(&mut Plan<'_>)) -> Run {
    let work = tempfile::tempdir().unwrap();
    let mut plan = plan(work.path());
    change(&mut plan);
    let mut parameters = Parameters::read(given.iter().copied()).unwrap();
    let found = check(account, &plan, &mut parameters);
    let mut said = Vec::new();
    let done = found.missing.is_empty().then(|| {
        let done = deploy(account, &plan, &found, &parameters, &mut |line| said.push(line.to_owned()));
        assert_eq!(std::fs::read_to_string(work.path().join("s/template.yaml")).unwrap(), plan.template);
        assert!(work.path().join("s/Makefile").is_file());
        done
    });
    Run { found, done, said }
}

fn run(account: &Account, given: &[&str]) -> Run {
    run_with(account, given, |_| {})
}

/// Everything that is missing, in one text; nothing may have been changed.
fn missing(account: &Account, given: &[&str]) -> String {
    let run = run(account, given);
    assert!(run.done.is_none());
    assert!(!account.calls().iter().any(|call| call.starts_with("sam ")), "{:?}", account.calls());
    run.found.missing.join("\n")
}

fn instance() -> String {
    format!("instanceId={INSTANCE}")
}

#[test]
fn a_first_deployment_in_its_order() {
    let account = Account::new();
    let run = run(&account, &[&instance(), "alarmEmail=me@example.com"]);
    assert_eq!(run.found.missing, Vec::<String>::new());
    let done = run.done.unwrap().unwrap();
    assert_eq!((done.account.as_str(), done.outputs["FlowName"].as_str()), ("210987654321", "s"));
    assert_eq!(
        account.calls(),
        [
            "sts get-caller-identity",
            "cloudformation describe-stacks",
            "connect describe-instance",
            "connect list-queues",
            "bedrock get-inference-profile",
            "bedrock get-foundation-model-availability",
            "lambda get-account-settings",
            "sam build",
            "sam deploy",
            "cloudformation describe-stacks",
        ]
    );
    let deployed = account.deployed();
    assert_eq!(deployed["queueId"], "22222222-2222-4222-8222-222222222222", "resolved from the default name");
    assert!(!deployed.contains_key("queue"), "which is no parameter of the template: {deployed:?}");
    assert_eq!(run.said.len(), 2, "{:?}", run.said);
}

#[test]
fn a_second_deployment_keeps_what_was_said_at_the_first() {
    let account = Account::new();
    run(&account, &[&instance(), "maxConcurrentTurns=7"]).done.unwrap().unwrap();
    let again = run(&account, &["turnSeconds=300"]);
    again.done.unwrap().unwrap();
    let deployed = account.deployed();
    assert_eq!((deployed["maxConcurrentTurns"].as_str(), deployed["turnSeconds"].as_str()), ("7", "300"));
    assert_eq!(account.status(), "UPDATE_COMPLETE");
}

#[test]
fn everything_that_is_missing_comes_at_once() {
    let account =
        Account::new().without("sam").fault("bedrock get-inference-profile", "ResourceNotFoundException", "no");
    let text = missing(&account, &["queue=Nobody", &instance(), "modelId=eu.vendor.model"]);
    for part in ["pip install aws-sam-cli", "queue=Nobody", "there are: BasicQueue", "modelId=eu.vendor.model"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn one_clear_error_each() {
    let cases: [(Account, &[&str], &str); 12] = [
        (
            Account::new(),
            &["instanceId=33333333-3333-4333-8333-333333333333"],
            "there is no such instance in this account and region",
        ),
        (Account::new(), &[], "instanceId is not given"),
        (
            Account::new().fault("connect describe-instance", "AccessDeniedException", "User is not authorized"),
            &[&instance()],
            "you may not connect:DescribeInstance",
        ),
        (
            Account::new().fault("connect list-queues", "AccessDeniedException", "User is not authorized"),
            &[&instance()],
            "you may not connect:ListQueues",
        ),
        (
            Account::new().queue("BasicQueue", "44444444-4444-4444-8444-444444444444"),
            &[&instance()],
            "2 queues have this name; choose one by queueId=: 22222222-2222-4222-8222-222222222222, 44444444",
        ),
        (
            Account::new().answer(
                "bedrock get-foundation-model-availability",
                json!({"authorizationStatus": "NOT_AUTHORIZED", "entitlementAvailability": "AVAILABLE",
                       "agreementAvailability": {"status": "NOT_AVAILABLE"}}),
            ),
            &[&instance()],
            "is not enabled (authorizationStatus is NOT_AUTHORIZED, agreementAvailability.status is NOT_AVAILABLE)",
        ),
        (
            Account::new().fault("bedrock get-foundation-model-availability", "ValidationException", "no"),
            &[&instance(), "modelId=vendor.model"],
            "modelId=vendor.model: there is no such model in this region",
        ),
        (
            Account::new().fault("sts get-caller-identity", "ExpiredToken", "The security token is expired"),
            &[&instance()],
            "credentials: Operation: ExpiredToken",
        ),
        (Account::new().without("aws"), &[&instance()], "the AWS CLI is not installed"),
        (Account::new(), &[&instance(), "agentBackend=bedrock-agent"], "needs agentId=… and agentAliasId=…"),
        (
            Account::new().fault(
                "bedrock-agent list-agents",
                "AccessDeniedException",
                "Bedrock Agents is in Maintenance Mode.",
            ),
            &[&instance(), "agentBackend=bedrock-classic"],
            "closed for this account",
        ),
        (
            Account::new().stack("UPDATE_IN_PROGRESS", &[]),
            &[&instance()],
            "stack s: it is UPDATE_IN_PROGRESS; wait until that is over",
        ),
    ];
    for (account, given, wanted) in cases {
        let text = missing(&account, given);
        assert!(text.contains(wanted), "{wanted}\nwas not in: {text}");
        assert_eq!(text.lines().count(), 1, "and nothing else: {text}");
    }
}

#[test]
fn secrets_that_the_definition_reads_must_be_there() {
    let account = Account::new().fault("secretsmanager describe-secret", "ResourceNotFoundException", "no");
    let run = run_with(&account, &[&instance()], |plan| plan.secrets = BTreeSet::from(["CRM_TOKEN".into()]));
    let text = run.found.missing.join("\n");
    assert!(text.contains("secret relevo/s/CRM_TOKEN") && text.contains("create-secret"), "{text}");
}

#[test]
fn what_failed_goes_on_with_the_same_command() {
    let account = Account::new().fault("sam build", "", "");
    let error = run(&account, &[&instance()]).done.unwrap().unwrap_err();
    assert!(error.to_string().contains("Nothing on AWS was changed"), "{error}");
    assert_eq!(account.status(), "");

    let account = Account::new().fault("sam deploy", "", "");
    let error = run(&account, &[&instance()]).done.unwrap().unwrap_err().to_string();
    assert!(error.contains("Flow (AWS::Connect::ContactFlow): Invalid flow"), "{error}");
    assert!(!error.contains("cancelled") && !error.contains("earlier"), "{error}");
    assert_eq!(account.status(), "ROLLBACK_COMPLETE");
    account.mended();
    let again = run(&account, &[&instance()]);
    again.done.unwrap().unwrap();
    assert!(again.said[0].contains("removing what an earlier deployment left"), "{:?}", again.said);
    let calls = account.calls();
    let tail: Vec<&str> = calls.iter().rev().take(5).rev().map(String::as_str).collect();
    let wanted = [
        "cloudformation delete-stack",
        "cloudformation wait",
        "sam build",
        "sam deploy",
        "cloudformation describe-stacks",
    ];
    assert_eq!(tail, wanted);

    let stuck = Account::new().stack("UPDATE_ROLLBACK_FAILED", &[("instanceId", INSTANCE)]);
    run(&stuck, &[]).done.unwrap().unwrap();
    assert!(stuck.calls().contains(&"cloudformation continue-update-rollback".to_owned()));
    assert_eq!(stuck.status(), "UPDATE_COMPLETE");

    let held = Account::new().stack("DELETE_FAILED", &[]).fault(
        "cloudformation delete-stack",
        "AccessDenied",
        "not authorized to perform: cloudformation:DeleteStack",
    );
    let error = run(&held, &[&instance()]).done.unwrap().unwrap_err().to_string();
    assert!(error.contains("AccessDenied") && error.contains("run the same command again"), "{error}");
}

#[test]
fn the_commands_can_be_typed() {
    let work = Path::new("/work dir");
    let mut plan = plan(work);
    plan.flags = vec!["--features".into(), "folders".into()];
    plan.confirm = true;
    let mut parameters = Parameters::read([instance().as_str(), "modelId=us.amazon.nova-pro-v1:0"]).unwrap();
    parameters.complete();
    let lines: Vec<String> = commands(&plan, &parameters).iter().map(ToString::to_string).collect();
    assert_eq!(
        lines[0],
        "cd '/work dir/s' && RELEVO_ARCH=arm64 RELEVO_BOT=/bots/mine RELEVO_FLAGS='--features folders' RELEVO_SOURCE=/src \
         SAM_CLI_TELEMETRY=0 sam build --build-in-source --build-dir '/work dir/s/build'"
    );
    assert_eq!(
        lines[1],
        format!(
            "SAM_CLI_TELEMETRY=0 sam deploy --template-file '/work dir/s/build/template.yaml' --stack-name s --resolve-s3 \
             --capabilities CAPABILITY_IAM --no-fail-on-empty-changeset --confirm-changeset --region eu-west-1 \
             --parameter-overrides instanceId={INSTANCE} modelArnPattern=amazon.nova-pro-v1:0 \
             modelId=us.amazon.nova-pro-v1:0"
        )
    );
}
