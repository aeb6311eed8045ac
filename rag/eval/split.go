package eval

import "hash/fnv"

// HeldOut reports whether a question is of the half that nothing is learned on.
// Halves are by the first document that answers, so that all questions about it
// are on one side.
func HeldOut(q *Judged) bool {
	h := fnv.New32a()
	h.Write([]byte(q.Relevant[0]))
	return h.Sum32()%2 == 1
}
