package cite

import (
	"slices"
	"strings"

	"wenbao/corpus/facet"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/zh"
	"wenbao/rag"
)

// CheckerOptions are what a Checker needs; all fields are required.
type CheckerOptions struct {
	// Annotator tells what a clause speaks of.
	Annotator *facet.Annotator
	// Gazetteer finds the places that a sentence names.
	Gazetteer *gazetteer.Gazetteer
	// Words cuts text into words without stop words.
	Words func(text string) []string
}

// Checker holds what a model wrote against the passages it was given. It is
// safe for concurrent use if its options are.
type Checker struct {
	opt      CheckerOptions
	light    map[string]bool
	wordings map[string][]string
	events   [][]string
}

// NewChecker returns a Checker.
func NewChecker(opt CheckerOptions) *Checker {
	return &Checker{opt: opt, light: setOf(lightWords), wordings: wordingsOf(wordings), events: groupsOf(events)}
}

// Verdict says what became of a written sentence.
type Verdict string

// The verdicts. A lead-in or a heading states nothing by itself: it is kept
// where a sentence under it is, and its place and year hold for that sentence.
const (
	Supported Verdict = "supported" // every claim stands in what it cites
	Mended    Verdict = "mended"    // supported once its markers were put right
	Removed   Verdict = "removed"
	Lead      Verdict = "lead" // 临江区的安排如下：
	Idle      Verdict = "idle" // states nothing, and is left out: 综上所述。
)

// Reason says why nothing of a text was kept.
type Reason string

// The reasons; "" where something was kept.
const (
	ReasonEmpty       Reason = "empty"
	ReasonForeign     Reason = "foreign" // not in Chinese
	ReasonData        Reason = "data"    // JSON and the like
	ReasonMarkers     Reason = "markers" // citation markers and nothing to cite for
	ReasonRefused     Reason = "refused" // says that it found nothing
	ReasonUnsupported Reason = "unsupported"
)

// Reviewed is one sentence that was written.
type Reviewed struct {
	// Text is the sentence without markers and list marks.
	Text string `json:"text"`
	// Marker are the numbers of the passages that it cites, as put right:
	// ascending, each once.
	Marker  []int   `json:"marker,omitempty"`
	Verdict Verdict `json:"verdict"`
	// Problems are what is wrong with it as written; Problem.Sentence counts
	// from 1, Problem.Citation is a passage's number.
	Problems []Problem `json:"problems,omitempty"`
}

// Review is the outcome for one text.
type Review struct {
	Sentences []Reviewed
	// Kept is what may be shown, with markers that resolve to Citations.
	Kept string
	// Stated are the kept sentences, markers included, as they stand in Kept.
	Stated []rag.Sentence
	// Citations are numbered from 1 in order of first use; every quote is an
	// exact substring of its passage, narrowed to the clauses that support.
	Citations []rag.Citation
	// Removed and Mended count sentences.
	Removed, Mended int
	// Reason says why Kept is empty.
	Reason Reason
}

// Review checks what was written in answer to a query, sentence by sentence.
// The passages are the numbered sources, the first being [1]. A sentence that
// fails is removed, one whose markers are missing or wrong is mended when
// exactly one of the passages supports it. What the question names holds for
// sentences that name no place or year themselves. The hits are not changed.
func (c *Checker) Review(q rag.Query, text string, passages []rag.Hit) Review {
	r := reviewer{c: c, query: q, sources: make([]*source, len(passages)), hits: passages}
	if reason := unreadable(text); reason != "" {
		return Review{Reason: reason}
	}
	lines := r.parse(text)
	for i := range lines {
		r.line(&lines[i])
	}
	return r.finish(lines)
}

// reviewer is the state of one review.
type reviewer struct {
	c       *Checker
	query   rag.Query
	hits    []rag.Hit
	sources []*source // by number less one, nil until needed
	// lead is the last heading or lead-in, before the sentence written last on
	// this line: what they name holds for sentences that name nothing.
	lead, before string
	seen         map[string]bool
	refusals     int
	// places knows the places of the passages, nil until needed.
	places *gazetteer.Gazetteer
}

// line gives each sentence of a line its verdict.
func (r *reviewer) line(l *line) {
	r.before = ""
	for i := range l.sentences {
		s := &l.sentences[i]
		switch {
		case isLead(s.read) || l.heading:
			s.Verdict = Idle
			if r.founded(s.read) {
				s.Verdict = Lead
			}
			r.lead = s.read
			continue
		case refuses(s.read):
			r.refusals++
			s.Verdict = Idle
			continue
		case r.states(s.read):
			r.judge(s)
		default:
			s.Verdict = Idle
		}
		if s.Verdict != Removed && s.Verdict != Idle {
			r.before = s.read
		}
	}
}

// judge settles the verdict and the markers of a sentence that states something.
func (r *reviewer) judge(s *written) {
	if key := foldedWords(s.read); r.seen[key] {
		s.Verdict = Removed
		s.Problems = append(s.Problems, Problem{Kind: Repeated, Text: s.Text})
		return
	} else if r.seen == nil {
		r.seen = map[string]bool{key: true}
	} else {
		r.seen[key] = true
	}
	cited := slices.DeleteFunc(slices.Clone(s.Marker), func(n int) bool {
		if n >= 1 && n <= len(r.hits) {
			return false
		}
		s.Problems = append(s.Problems, Problem{Kind: Unresolved, Citation: n})
		return true
	})
	if len(cited) > 0 {
		f := r.hold(s.read, cited)
		if len(f.problems) == 0 {
			verdict := Supported
			if len(s.Marker) != len(markersOf(f.support)) {
				verdict = Mended // some markers lead nowhere, or to nothing that it says
			}
			s.settle(f.support, verdict)
			return
		}
		s.Problems = append(s.Problems, f.problems...)
	} else {
		s.Problems = append(s.Problems, Problem{Kind: Uncited, Text: s.Text})
	}
	if support, ok := r.onlySupport(s.read, cited); ok {
		s.settle(support, Mended)
		return
	}
	s.Verdict = Removed
}

// onlySupport is the support of the one passage beside those cited that
// supports a sentence; false when there is none or more than one.
func (r *reviewer) onlySupport(text string, cited []int) ([]support, bool) {
	var found []support
	for n := 1; n <= len(r.hits); n++ {
		if slices.Equal(cited, []int{n}) || !r.source(n).hasValues(text) {
			continue
		}
		f := r.hold(text, []int{n})
		if len(f.problems) > 0 {
			continue
		}
		if found != nil {
			return nil, false
		}
		found = f.support
	}
	return found, found != nil
}

func (s *written) settle(by []support, v Verdict) {
	s.support, s.Verdict = by, v
	s.Marker = markersOf(by)
}

// markersOf are the numbers of the passages that support, ascending.
func markersOf(by []support) []int {
	var out []int
	for _, s := range by {
		if !slices.Contains(out, s.source.n) {
			out = append(out, s.source.n)
		}
	}
	slices.Sort(out)
	return out
}

// finish puts the kept sentences together and numbers their citations.
func (r *reviewer) finish(lines []line) Review {
	var out Review
	b := builder{review: &out}
	for i := range lines {
		for j := range lines[i].sentences {
			s := &lines[i].sentences[j]
			for k := range s.Problems {
				p := &s.Problems[k]
				p.Sentence = len(out.Sentences) + 1
				if words, ok := zh.AsPrinted(s.Text, p.Text); ok {
					p.Text = words
				}
			}
			out.Sentences = append(out.Sentences, s.Reviewed)
			switch s.Verdict {
			case Removed:
				out.Removed++
			case Mended:
				out.Mended++
			}
		}
		b.line(&lines[i])
	}
	out.Kept = strings.TrimSpace(b.text.String())
	if len(out.Stated) == 0 {
		out.Kept, out.Citations = "", nil
		out.Reason = r.reason(out)
	}
	return out
}

// reason says why nothing was kept of a text that could be read.
func (r *reviewer) reason(out Review) Reason {
	switch {
	case out.Removed > 0:
		return ReasonUnsupported
	case r.refusals > 0:
		return ReasonRefused
	}
	return ReasonMarkers
}

// builder writes what is kept.
type builder struct {
	review *Review
	text   strings.Builder
	// leads are the headings that wait for a sentence to stand over.
	leads []string
}

func (b *builder) line(l *line) {
	if l.blank() {
		return
	}
	started := false
	for i := range l.sentences {
		s := &l.sentences[i]
		switch s.Verdict {
		case Lead:
			if started {
				b.text.WriteString("\n")
				started = false
			}
			b.leads = append(b.leads[:0], s.Text)
			if l.heading {
				b.leads[0] = l.mark + s.Text
			}
		case Supported, Mended:
			if !started {
				b.flush(l.mark)
				started = true
			}
			b.sentence(s)
		}
	}
	if started {
		b.text.WriteString("\n")
	}
}

// flush writes the headings above a line, and its list mark.
func (b *builder) flush(mark string) {
	for _, lead := range b.leads {
		b.text.WriteString(lead + "\n")
	}
	b.leads = b.leads[:0]
	b.text.WriteString(mark)
}

// sentence writes one sentence with its markers before the mark that ends it.
func (b *builder) sentence(s *written) {
	numbers := b.cite(s.support)
	body := strings.TrimRight(s.Text, sentenceEnds)
	end := s.Text[len(body):]
	text := body + " " + markerText(numbers) + end
	b.text.WriteString(text)
	b.review.Stated = append(b.review.Stated, rag.Sentence{Text: text, Citations: numbers})
}

// cite gives the numbers of the citations for what supports a sentence: one for
// each printed sentence, with the words from the first supporting clause of it
// to the last.
func (b *builder) cite(by []support) []int {
	var numbers []int
	for _, q := range quotesOf(by) {
		cited := q.citation(len(b.review.Citations) + 1)
		at := slices.IndexFunc(b.review.Citations, func(c rag.Citation) bool {
			return c.Passage.ID == cited.Passage.ID && c.Quote == cited.Quote
		})
		if at < 0 {
			at = len(b.review.Citations)
			b.review.Citations = append(b.review.Citations, cited)
		}
		if !slices.Contains(numbers, at+1) {
			numbers = append(numbers, at+1)
		}
	}
	slices.Sort(numbers)
	return numbers
}
