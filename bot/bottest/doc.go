// Package bottest holds what tests of a bot need: a Telegram Bot API server of
// our own, people who write to the bot through it, and the conformance suite of
// bot.Store.
//
//	Server     the Bot API, as strict as the real one, over TCP or in process
//	Chat       a chat as its people see it: they write, press, send, block
//	Call       what the bot did, accepted or refused, in order
//	Fault      what goes wrong on the way: 429, 502, cut connections, delays
//	Local      an HTTP client that calls a handler, without sockets
//	TestStore  what the contract of bot.Store says
//
// The server keeps to the documentation of Bot API 9.4 and, where that is silent,
// to what the published server (github.com/tdlib/telegram-bot-api) does. What the
// real one lets pass although it is a mistake passes here too, and is listed by
// Server.Complaints.
//
// Everything waits on channels and timers only. In a bubble of testing/synctest
// make the server inside of the bubble and reach it through Server.Client.
package bottest
