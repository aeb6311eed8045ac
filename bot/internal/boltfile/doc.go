// Package boltfile keeps named buckets of keys and values in one file, for one
// program at a time: bbolt with what it lacks.
//
//   - Open checks the whole file before bbolt maps it, since bbolt has no
//     checksums and damage makes it panic, fault or run without end.
//   - Update lets those who write at the same time share one transaction, and with
//     it one sync, without a timer: a writer that comes alone does not wait.
//   - Rewrite leaves nothing in the file of what was deleted. bbolt keeps deleted
//     values in free pages until these are used again.
//
// A lock on a file beside it keeps others out, also while a rewritten file takes
// the place of the old one. It is the only package that imports bbolt.
package boltfile
