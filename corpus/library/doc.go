// Package library is the persistent store of articles and their passages: the
// truth from which every index is rebuilt.
//
// A library is a directory:
//
//	wenbao.lock        held by the one writer; its text names the holder
//	manifest-<g>.wbm   generation g: the segments, the batches, where each record lies
//	seg-<n>.wbs        records, never changed once they are named so
//	*.tmp              what a running (or killed) writer is at
//
// What was made of one file, or of several files together, is a batch; a batch
// is put, replaced and removed as a whole. A commit writes one segment with the
// new records and one manifest. Each is written under a temporary name, synced
// and renamed, and the directory is synced after each rename: a kill, a power
// cut or a full disk at any moment leaves the generation before or the one
// after, entirely.
//
// Readers take no lock. They hold the segments of their generation open and go
// on reading it while a writer commits the next ones, even after its files were
// removed. The last two manifests and their segments are kept: when the newest
// manifest is damaged, the one before it is opened and [Library.Damage] says so.
//
// Two batches may hold the same article, as when a page was saved twice. The
// batch with the smaller key shows it; the other's copy stays in store, unseen,
// and shows when the first batch is removed. What a library shows is therefore
// decided by its batches alone and not by the order in which they came.
package library
