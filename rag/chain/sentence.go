package chain

import (
	"regexp"
	"strings"

	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/cite"
)

// writer takes a model's text in chunks and tells the sentences that pass the
// check. A sentence is complete when the next one has begun, since its marker may
// stand behind its full stop.
type writer struct {
	checker  *cite.Checker
	query    rag.Query
	passages []rag.Hit
	tell     func(piece string) error

	// held is the text checked so far without the sentences that were removed, and
	// sentences how many it has. Every new sentence is checked at its end, so that
	// what is told is what the whole answer will say, with the numbers that it will
	// have.
	held      string
	sentences int
	pending   string // not checked yet
	told      string
	failed    error // what tell gave
}

// leadingMarkers are citation markers that a stretch of text begins with.
var leadingMarkers = regexp.MustCompile(`^(?:[\s\x{3000}]*[\[【［][\d０-９,，、\s]*[\]】］])+`)

// openMarker is what a marker may begin in: nothing as yet, or a marker whose end
// has not come.
var openMarker = regexp.MustCompile(`^[\s\x{3000}]*(?:[\[【［][\d０-９,，、\s]*)?$`)

// write takes a chunk. Its error is tell's, and ends the model's call.
func (w *writer) write(chunk string) error {
	w.pending += chunk
	spans := zh.Sentences(w.pending)
	if len(spans) < 2 {
		return nil
	}
	end := spans[len(spans)-1].Start
	end += len(leadingMarkers.FindString(w.pending[end:]))
	if openMarker.MatchString(w.pending[end:]) {
		return nil // more markers may come
	}
	piece := w.pending[:end]
	w.pending = w.pending[end:]
	return w.check(piece)
}

// check holds a piece of whole sentences and tells what passes.
func (w *writer) check(piece string) error {
	review := w.checker.Review(w.query, w.held+piece, w.passages)
	removed := len(review.Sentences) > w.sentences
	for _, s := range review.Sentences[min(w.sentences, len(review.Sentences)):] {
		removed = removed && s.Verdict == cite.Removed
	}
	if removed {
		if strings.Contains(piece, "\n") {
			w.held += "\n" // what follows is on a line of its own
		}
		return nil
	}
	w.held += piece
	w.sentences = len(review.Sentences)
	return w.extend(review.Kept)
}

// extend tells what the answer has beyond what was told, and nothing where it
// does not begin with that.
func (w *writer) extend(answer string) error {
	piece, ok := strings.CutPrefix(answer, w.told)
	if !ok || piece == "" {
		return nil
	}
	w.told = answer
	w.failed = w.tell(piece)
	return w.failed
}
