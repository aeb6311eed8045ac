// Package journal keeps updates from their taking to their end, so that a crash
// loses none and none is answered twice:
//
//	Take -> (Opening, Opened) -> Plan -> Sent … -> Done
//
// A Journal is a file. What a method was given is on the disk when it returns;
// calls at the same time share the wait for it. After a crash, Pending gives what
// was not done, as far as it had come.
//
// An update's text and its reply are deleted when it is done; of what is done
// only the ID is kept, until Prune. Deleted text stays in free parts of the file
// until these are used again, or until the next Prune or Compact, which write the
// file anew without it.
package journal
