// One chat websocket: subscribe, heartbeat, and the items that come. It never comes back by itself; its owner opens a new one.

const SUBSCRIBE_MS = 5_000;
const HEARTBEAT_MS = 10_000;
const ANSWER_MS = 5_000;

/**
 * Opens the websocket and subscribes to the chat.
 * @param {string} url
 * @param {{ onItem: (item: import("./transcript.js").Item) => void, onClose: () => void }} handlers `onClose` is called once, unless `close` was
 * @returns {Promise<{ close: () => void }>} when the subscription stands
 */
export function openSocket(url, { onItem, onClose }) {
  const socket = new WebSocket(url);
  let heartbeat = 0;
  let unanswered = 0;
  let over = false;

  const send = (frame) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(frame));
  const end = () => {
    if (over) return false;
    over = true;
    clearInterval(heartbeat);
    clearTimeout(unanswered);
    socket.close();
    return true;
  };
  const beat = () => {
    send({ topic: "aws/heartbeat" });
    clearTimeout(unanswered);
    unanswered = setTimeout(() => end() && onClose(), ANSWER_MS);
  };

  return new Promise((resolve, reject) => {
    let subscribed = false;
    const fail = (why) => {
      if (!end()) return;
      if (subscribed) onClose();
      else reject(new Error(why));
    };
    const patience = setTimeout(() => !subscribed && fail("no answer to aws/subscribe"), SUBSCRIBE_MS);

    socket.addEventListener("open", () => send({ topic: "aws/subscribe", content: { topics: ["aws/chat"] } }));
    socket.addEventListener("close", () => fail("closed"));
    socket.addEventListener("error", () => fail("failed"));
    socket.addEventListener("message", (message) => {
      const frame = parse(message.data);
      if (frame?.topic === "aws/heartbeat") clearTimeout(unanswered);
      else if (frame?.topic === "aws/subscribe") {
        if (subscribed || frame.content?.status !== "success") return;
        subscribed = true;
        clearTimeout(patience);
        heartbeat = setInterval(beat, HEARTBEAT_MS);
        beat();
        resolve({ close: () => void end() });
      } else if (frame?.topic === "aws/chat" && !over) {
        const item = parse(frame.content);
        if (item) onItem(item);
      }
    });
  });
}

function parse(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
