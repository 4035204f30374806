//! A child process that speaks by its standard input and output: a script of the shell, line by line.

use std::{path::Path, time::Duration};

use relevo_agents::tools::ToolError;
use serde_json::{Value, json};

use crate::support::{bot, call, servers, tools};

const SCRIPT: &str = r#"
echo $$ >> "$PIDS"
echo 'a line that is no JSON'
while read -r line; do
  id=$(printf '%s' "$line" | sed -n 's/.*"id":\([0-9]*\).*/\1/p')
  case "$line" in
    *'"method":"initialize"'*)
      result='{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"sh","version":"1"}}' ;;
    *'"method":"tools/list"'*)
      result='{"tools":[{"name":"forecast","inputSchema":{"type":"object","properties":{"city":{"type":"string"}}}}]}' ;;
    *'"method":"tools/call"'*)
      case "$line" in *Doom*) exit 3 ;; esac
      result='{"content":[{"type":"text","text":"sunny '"$MOOD $GIVEN [$AWS_SECRET_ACCESS_KEY]"'"}]}' ;;
    *) continue ;;
  esac
  printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$result"
done
echo end >> "$PIDS"
"#;

fn server(pids: &Path) -> Value {
    json!({
        "command": "sh",
        "args": ["-c", SCRIPT],
        "env": {"PIDS": pids, "MOOD": "and warm"},
        "envFrom": ["WEATHER_TOKEN"],
    })
}

fn pids(file: &Path) -> Vec<String> {
    std::fs::read_to_string(file).unwrap_or_default().lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_child_is_spoken_to_and_sees_only_what_it_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let mut definition = bot(&server(&folder.path().join("pids")), &json!("all"));
    let servers = servers(&definition);
    let (functions, missing) = servers.offered(&definition.tools).await;
    assert_eq!(missing, Vec::<String>::new());
    definition.agent.offer(&functions);
    let (tools, _) = tools(&servers, definition);
    let output = call(&tools, "Offered", "forecast", "Madrid").await.unwrap();
    assert_eq!((output.text.as_str(), output.error), ("sunny and warm  []", false));
    assert_eq!(pids(&folder.path().join("pids")).len(), 1, "one child for all calls");
}

#[tokio::test]
async fn a_child_that_ends_is_started_again_and_one_that_is_not_there_fails() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pids");
    let definition = bot(&server(&file), &json!("all"));
    let servers = servers(&definition);
    let (tools, _) = tools(&servers, definition);
    assert!(call(&tools, "Own", "tomorrow", "Madrid").await.is_ok());
    let doom = call(&tools, "Own", "tomorrow", "Doom").await;
    assert!(matches!(doom, Err(ToolError::Passing(_))), "{doom:?}");
    assert!(call(&tools, "Own", "tomorrow", "Madrid").await.is_ok());
    assert_eq!(pids(&file).len(), 2);

    let definition = bot(&json!({"command": "/no/such/program"}), &json!("all"));
    let servers = crate::support::servers(&definition);
    let (tools, _) = crate::support::tools(&servers, definition);
    let absent = call(&tools, "Own", "tomorrow", "Madrid").await;
    assert!(matches!(&absent, Err(ToolError::Passing(cause)) if cause.contains("does not start")), "{absent:?}");
}

#[tokio::test]
async fn a_child_ends_with_us() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pids");
    let definition = bot(&server(&file), &json!("all"));
    let servers = servers(&definition);
    let (tools, _) = tools(&servers, definition);
    assert!(call(&tools, "Own", "tomorrow", "Madrid").await.is_ok());
    let pid = pids(&file).remove(0);
    drop((tools, servers));
    let stat = format!("/proc/{pid}/stat");
    let gone = || std::fs::read_to_string(&stat).map_or(true, |stat| stat.contains(") Z "));
    for _ in 0..500 {
        if gone() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the child {pid} is still there");
}

#[tokio::test]
async fn a_child_works_in_the_bots_folder() {
    let folder = tempfile::tempdir().unwrap();
    let mut definition = bot(&server(Path::new("pids")), &json!("all"));
    for server in definition.mcp_servers.values_mut() {
        folder.path().clone_into(&mut server.dir);
    }
    let servers = servers(&definition);
    let (tools, _) = tools(&servers, definition);
    assert!(call(&tools, "Own", "tomorrow", "Madrid").await.is_ok());
    assert_eq!(pids(&folder.path().join("pids")).len(), 1);
}
