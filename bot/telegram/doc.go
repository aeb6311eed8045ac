// Package telegram carries a bot.Handler over the Telegram Bot API.
//
//	getUpdates or webhook -> decode -> Journal.Take -> lane of the chat
//	  -> Handler.Handle -> Journal.Plan -> parts sent one by one -> Journal.Done
//
// Updates are on the disk before they are acknowledged, and replies before any of
// them goes out. Events of one chat are handled in order, those of different chats
// side by side. What a crash leaves in the journal is taken up again by the next
// start: an event without a plan is handled again, one with a plan is delivered
// from the first part that is not known to have gone out. An event that two programs
// have begun and ended without a word, perhaps because of it, is not handled a third
// time but answered with Handler.Failed.
//
// Whether such a part went out cannot be asked. It is found out by probing: the
// IDs of messages grow, so that the message, if there is one, has an ID a little
// above the highest one seen before, the floor; and an edit with the part's own
// text succeeds on it and on no other message. The same is done after a fault of
// the network in which a call may have reached the server, over fewer IDs: the run
// that made the call knows more than the journal.
//
// The search has an end. After a crash it looks at 64 messages above the floor, those
// not counted that are known to be others; in a supergroup, where privacy mode keeps
// from the bot what people write to one another, at one more for each second since it
// last saw a message there, up to 256. A part beyond that is sent a second time: it
// takes a lost answer of Telegram's to, say, a press after which the bot is told of no
// message, in a group where more than 256 were written meanwhile.
//
// Only what is sent is answered: messages that are edited are not asked for, since
// the answer to the first form is there already and would contradict the second.
//
// Where to read on: transport.go (options, start and end), poll.go and webhook.go
// (taking), lanes.go (order and limits), process.go (one event from its taking to
// its end), live.go (what is shown before the reply is there), deliver.go and
// probe.go (the reply), api.go (the calls, and what can go wrong with them).
package telegram
