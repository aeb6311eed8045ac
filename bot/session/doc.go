// Package session remembers conversations: what they stand at, the answers given
// in them, what users think of those, and what they have spent. Memory and File
// are both a bot.Store.
//
// A File holds what users ask, in plain words, readable by its owner alone. What
// Forget deletes is gone from it when Forget returns: the file is written anew.
// What is replaced, deleted or expired otherwise stays in free parts of the file
// until these are used again or the file is written anew.
package session
