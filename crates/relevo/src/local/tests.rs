//! The whole house in process: the example bot, from the first word to the desk, over the ports of this machine.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use relevo_connect::{
    Centre,
    api::{Attributes, CreateConnection, DeskState, GetTranscript, Send, StartChatContact},
    centre::Subscription,
};
use secrecy::SecretString;
use serde_json::Value;

use super::{Chaos, Deployed, Models, Setup, assemble, assemble::Rooms, folder};

/// No step of these conversations takes long; this only keeps a broken one from hanging.
const PATIENCE: Duration = Duration::from_mins(1);

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/envios")
}

async fn rooms(data: &Path) -> Rooms {
    rooms_of(&example(), data).await
}

async fn rooms_of(folder: &Path, data: &Path) -> Rooms {
    rooms_as(folder, data, None).await
}

async fn rooms_as(folder: &Path, data: &Path, deployed: Option<Deployed>) -> Rooms {
    let flow = deployed.as_ref().and_then(|it| it.flow.as_ref());
    let (bot, _) = folder::load_with(folder, flow).map_err(|report| report.errors).unwrap();
    let setup = Setup {
        bot,
        data: data.to_path_buf(),
        port: 0,
        staffed: 1,
        message_limit_bytes: 16_384,
        chaos: Chaos::new(false, 1),
        gate: relevo_wire::Gate::default(),
        doors: crate::local::Doors::default(),
        allowed_origins: Vec::new(),
        lambdas: None,
        endpoints: None,
        deployed,
        models: Models::offline(),
    };
    assemble(setup).await.unwrap()
}

/// A customer with an open websocket.
struct Customer {
    centre: Centre,
    contact_id: String,
    participant_token: SecretString,
    connection_token: SecretString,
    socket: Subscription,
}

impl Customer {
    async fn start(centre: &Centre, language: &str) -> Self {
        Self::start_with(centre, language, None).await
    }

    async fn start_with(centre: &Centre, language: &str, words: Option<&str>) -> Self {
        let config = centre.config();
        let request = StartChatContact {
            instance_id: config.instance_id.clone(),
            contact_flow_id: config.flows[0].id.clone(),
            attributes: Attributes::from([("language".into(), language.into())]),
            display_name: "Ana".into(),
            initial_message: words.map(|words| ("text/plain".into(), words.into())),
            ..StartChatContact::default()
        };
        let started = centre.start_chat_contact(request).await.unwrap();
        Self::connect(centre, started.contact_id, started.participant_token).await
    }

    async fn connect(centre: &Centre, contact_id: String, participant_token: SecretString) -> Self {
        let both = CreateConnection { websocket: true, credentials: true, connect_participant: false };
        let connection = centre.create_participant_connection(&participant_token, both).await.unwrap();
        let socket = centre.open_websocket(&connection.websocket.unwrap().0).await.unwrap();
        let connection_token = connection.credentials.unwrap().0;
        Self { centre: centre.clone(), contact_id, participant_token, connection_token, socket }
    }

    async fn say(&self, text: &str) {
        let message = Send { content_type: "text/plain".into(), content: Some(text.into()), client_token: None };
        self.centre.send_message(&self.connection_token, message).await.unwrap();
    }

    /// The next item that is what is looked for.
    async fn see(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        let found = async {
            loop {
                let item = self.socket.items.recv().await.expect("the chat ended");
                let item: Value = serde_json::from_str(&item).unwrap();
                if wanted(&item) {
                    return item;
                }
            }
        };
        tokio::time::timeout(PATIENCE, found).await.expect("it never came")
    }

    /// What a role has said so far.
    async fn transcript(&self, role: &str) -> Vec<String> {
        let all = GetTranscript { max_results: Some(100), ascending: true, ..GetTranscript::default() };
        let page = self.centre.get_transcript(&self.connection_token, all).await.unwrap();
        let items = page.items.into_iter().filter(|item| item.participant_role.is_some_and(|it| it.as_str() == role));
        items.filter(|item| item.content_type == "text/plain").filter_map(|item| item.content).collect()
    }

    /// Looks until it finds what is wanted: for what may come before the websocket is open.
    async fn wait<T>(look: impl AsyncFn() -> T, wanted: impl Fn(&T) -> bool) -> T {
        let found = async {
            loop {
                let seen = look().await;
                if wanted(&seen) {
                    return seen;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, found).await.expect("it never came")
    }

    /// The next words of a role.
    async fn hear(&mut self, role: &str) -> String {
        let item = self.see(|item| item["ParticipantRole"] == role && item["Type"] == "MESSAGE").await;
        item["Content"].as_str().unwrap().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_helps_and_a_person_takes_over_with_what_it_learnt() {
    let data = tempfile::tempdir().unwrap();
    let rooms = rooms(data.path()).await;
    let mut customer = Customer::start(&rooms.centre, "en").await;
    customer.hear("CUSTOM_BOT").await;

    customer.say("where is order 10020030? my id is 12345678-9").await;
    let status = customer.hear("CUSTOM_BOT").await;
    assert!(status.contains("Despacho Programado"), "{status}");

    customer.say("I would rather speak with somebody").await;
    customer.see(|item| item["ContentType"].as_str().unwrap_or_default().ends_with("transfer.succeeded")).await;
    let [contact] = <[_; 1]>::try_from(rooms.centre.desk_contacts().await).unwrap();
    assert_eq!((contact.state, contact.contact_id.as_str()), (DeskState::Queued, customer.contact_id.as_str()));
    let known: BTreeMap<&str, &str> = contact.attributes.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(known["functionName"], "escalate");
    assert_eq!(known["order_number"], "10020030");
    assert_eq!(known["identity_document_number"], "12345678-9");
    assert_eq!(known["escalationLanguage"], "en");

    let person = rooms.centre.desk_accept(&contact.contact_id, "Eva").await.unwrap();
    let person = Customer::connect(&rooms.centre, contact.contact_id, person.participant_token).await;
    person.say("Hello, this is Eva").await;
    assert_eq!(customer.hear("AGENT").await, "Hello, this is Eva");
    rooms.centre.disconnect_participant(&person.connection_token).await.unwrap();
    customer.see(|item| item["ContentType"].as_str().unwrap_or_default().ends_with("chat.ended")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_template_deploys_runs_here() {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/template.yaml");
    let queue = "aaaaaaaa-0000-4000-8000-00000000000a";
    let deployed = Deployed::read(&template, &[format!("queueId={queue}"), "turnSeconds=60".into()]).unwrap();
    assert_eq!(deployed.limits(), (Duration::from_secs(15), Duration::from_mins(1)));
    let data = tempfile::tempdir().unwrap();
    let rooms = rooms_as(&example(), data.path(), Some(deployed)).await;
    assert_eq!(rooms.centre.config().queue.id, queue, "the flow is the template's");
    let mut customer = Customer::start(&rooms.centre, "en").await;
    customer.hear("CUSTOM_BOT").await;
    customer.say("where is order 10020030? my id is 12345678-9").await;
    let status = customer.hear("CUSTOM_BOT").await;
    assert!(status.contains("Despacho Programado"), "{status}");
}

#[test]
fn a_template_that_cannot_run_here_says_where_and_why() {
    let folder = tempfile::tempdir().unwrap();
    let said = |text: &str, given: &[&str]| {
        let file = folder.path().join("t.yaml");
        fs::write(&file, text).unwrap();
        let given: Vec<String> = given.iter().map(|it| (*it).to_owned()).collect();
        Deployed::read(&file, &given).err().unwrap().join("\n")
    };
    let own = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/template.yaml")).unwrap();
    let prefix = own.replace("{anything-but: [CUSTOM_BOT, SYSTEM]}", "{near: CUSTOMER}");
    let line = 1 + own.lines().position(|line| line.trim() == "FilterPolicy:").unwrap();
    let filter = said(&prefix, &[]);
    assert!(filter.contains(&format!("t.yaml:{line}: the filter policy of DeliveriesSubscription")), "{filter}");
    assert!(said(&own, &["turnSeconds"]).contains("name=value"));
    assert!(said(&own, &["turnSecond=3"]).contains("did you mean `turnSeconds`?"));
    assert!(said("a: [", &[]).contains("t.yaml:1:"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chats_first_message_is_answered_after_the_greeting() {
    let data = tempfile::tempdir().unwrap();
    let rooms = rooms(data.path()).await;
    let words = "where is order 10020030? my id is 12345678-9";
    let customer = Customer::start_with(&rooms.centre, "en", Some(words)).await;
    let said = Customer::wait(async || customer.transcript("CUSTOM_BOT").await, |said| said.len() > 1).await;
    assert!(said[0].starts_with("Hello!") && said[1].contains("Despacho Programado"), "{said:?}");

    // A person, asked for at once.
    let customer = Customer::start_with(&rooms.centre, "en", Some("I want to talk to a human")).await;
    Customer::wait(async || rooms.centre.desk_contacts().await, |contacts| !contacts.is_empty()).await;
    let said = customer.transcript("CUSTOM_BOT").await;
    assert!(said[0].starts_with("Hello!") && said.len() > 1, "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_document_and_an_unknown_order_read_the_same() {
    let data = tempfile::tempdir().unwrap();
    let rooms = rooms(data.path()).await;
    let mut answers = Vec::new();
    for words in ["estado del pedido 10020030, rut 44444444-4", "estado del pedido 99999999, rut 44444444-4"] {
        let mut customer = Customer::start(&rooms.centre, "es").await;
        customer.hear("CUSTOM_BOT").await;
        customer.say(words).await;
        answers.push(customer.hear("CUSTOM_BOT").await.replace("10020030", "N").replace("99999999", "N"));
    }
    assert_eq!(answers[0], answers[1]);
    assert!(!answers[0].contains("Despacho"), "{}", answers[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_goes_on_in_another_process() {
    let data = tempfile::tempdir().unwrap();
    let (contact_id, token) = {
        let rooms = rooms(data.path()).await;
        let mut customer = Customer::start(&rooms.centre, "es").await;
        customer.hear("CUSTOM_BOT").await;
        customer.say("¿dónde está mi encomienda?").await;
        customer.hear("CUSTOM_BOT").await;
        (customer.contact_id.clone(), customer.participant_token.clone())
    };
    // The state's file is locked as long as a part of the former house still holds it.
    let rooms = reopened(data.path()).await;
    let mut customer = Customer::connect(&rooms.centre, contact_id, token).await;
    customer.say("12345678-9 y 10020030").await;
    let status = customer.hear("CUSTOM_BOT").await;
    assert!(status.contains("Despacho Programado"), "{status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_from_the_folder_beside_the_definition() {
    let (folder, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    copy(&example(), folder.path());
    let text = fs::read_to_string(folder.path().join("bot.yaml")).unwrap();
    let base = "knowledgeBases: {FAQ: {folder: faq}}\nagent:\n  knowledgeBases: [{knowledgeBaseId: FAQ, description: Preguntas frecuentes}]\n";
    fs::write(folder.path().join("bot.yaml"), text.replacen("\nagent:\n", &format!("\n{base}"), 1)).unwrap();
    fs::create_dir(folder.path().join("faq")).unwrap();
    fs::write(folder.path().join("faq/mascotas.md"), "# Mascotas\n\nNo transportamos animales vivos ni plantas.\n")
        .unwrap();
    let rooms = rooms_of(folder.path(), data.path()).await;
    let mut customer = Customer::start(&rooms.centre, "es").await;
    customer.hear("CUSTOM_BOT").await;
    customer.say("¿transportan animales?").await;
    assert_eq!(customer.hear("CUSTOM_BOT").await, "No transportamos animales vivos ni plantas.");
    assert!(data.path().join("knowledge/FAQ/meta.json").is_file());
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Copies the state, as a killed process leaves it, and opens the copy.
async fn reopened(data: &Path) -> Rooms {
    let copy = data.join("after");
    fs::create_dir_all(copy.join("state")).unwrap();
    self::copy(&data.join("state"), &copy.join("state"));
    rooms(&copy).await
}
