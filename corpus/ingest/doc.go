// Package ingest makes files into records: articles with their passages.
//
//	source.Find -> source.Read -> layout.Split -> facet.Annotator.Page
//	  -> layout.Stitch -> passage.Cut -> library.Record
//
// Read does so in memory. Update brings a library in line with the files: only
// what is new or has changed is read, and what has vanished from a folder is
// taken out.
//
// # Batches
//
// A file is a batch of its own in the library, under its absolute path. A printed
// page that holds a jump line (下转03版, 上接01版) goes into one batch with the
// other such pages of its issue, which is the same newspaper, date and folder,
// so that continuations find their beginnings; when one of them changes, all are
// read again. Standard input is a batch under the hash of what it held.
package ingest
