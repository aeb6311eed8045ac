// Package bot is wenbao in a chat: it turns what people write and press into
// questions, and answers into messages, and knows of no transport.
//
//	Update -> telegram -> Event -> Bot.Handle -> Reply -> telegram -> messages
//
// The package holds the types, the few interfaces, and Bot, which reacts to
// events. What does the work around it lives in the subpackages:
//
//	session   what is remembered of a conversation: in memory, or in a file
//	journal   updates taken and replies owed, so that a crash loses neither
//	shelf     the collection in use, and its replacement while the bot runs
//	meter     counts, for Prometheus and for /stats
//	telegram  the Telegram Bot API
//	bottest   a Bot API server of our own for tests, conformance suites, and a
//	          terminal to talk to a bot without Telegram
//
// A refusal says what the collection covers and shows no sources, unless what it says
// quotes: one that names what comes nearest to the question (没有找到……最接近的是……)
// cites that as an answer does. meter counts the two apart.
//
// A Bot does not send: Handle returns the whole Reply, which is written down
// before any of it goes out. That is how a crash at any moment leaves nothing
// unanswered and nothing answered twice. What is shown before the Reply is there
// (an answer growing sentence by sentence) goes through the show function and is
// replaced by it.
package bot
