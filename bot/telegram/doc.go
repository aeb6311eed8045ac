// Package telegram carries a bot.Handler over the Telegram Bot API.
//
//	getUpdates or webhook -> decode -> Journal.Take -> lane of the chat
//	  -> Handler.Handle -> Journal.Plan -> parts sent one by one -> Journal.Done
//
// Updates are on the disk before they are acknowledged, and replies before any of
// them goes out. Events of one chat are handled in order, those of different chats
// side by side. What a crash leaves in the journal is taken up again by the next
// start: an event without a plan is handled again, one with a plan is delivered
// from the first part that is not known to have gone out.
//
// Whether such a part went out cannot be asked. It is found out by probing: the
// IDs of messages grow, so that the message, if there is one, has an ID a little
// above the highest one seen before, the floor; and an edit with the part's own
// text succeeds on it and on no other message. The same is done after a fault of
// the network in which a call may have reached the server, over fewer IDs: the run
// that made the call knows more than the journal.
//
// Where to read on: transport.go (options, start and end), poll.go and webhook.go
// (taking), lanes.go (order and limits), process.go (one event from its taking to
// its end), live.go (what is shown before the reply is there), deliver.go and
// probe.go (the reply), api.go (the calls, and what can go wrong with them).
package telegram
