package cite_test

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"wenbao/corpus/facet"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/ingest"
	"wenbao/corpus/library"
	"wenbao/corpus/zh"
	"wenbao/rag"
	"wenbao/rag/cite"
	"wenbao/rag/lexical"
)

var update = flag.Bool("update", false, "write the made pairs and the scores anew")

var (
	testdata    = filepath.Join("..", "..", "testdata")
	pairsFile   = filepath.Join(testdata, "eval", "adversarial.jsonl")
	pairsScores = filepath.Join(testdata, "eval", "adversarial.tsv")
)

// pair is a sentence with the passages it cites, found by snippets of them.
type pair struct {
	ID       string   `json:"id"`
	Kind     string   `json:"kind"`
	Sentence string   `json:"sentence"`
	Snippets []string `json:"snippets"`
	Want     string   `json:"want"` // keep or remove
	// From is the paraphrase that a made pair was made of, "" for one by hand.
	From string `json:"from,omitempty"`
}

const paraphrase = "paraphrase"

// heldOut reports whether a pair is of the fifth that the rules were not set
// on. A made pair goes with the paraphrase it was made of.
func (p pair) heldOut() bool {
	const parts = 5
	h := fnv.New32a()
	id := cmp.Or(p.From, p.ID)
	h.Write([]byte(id))
	return h.Sum32()%parts == 0 && !strings.HasPrefix(id, "probe-")
}

// sample is the sample newspaper with what reads it.
type sample struct {
	records []library.Record
	checker *cite.Checker
}

var openSample = sync.OnceValues(func() (sample, error) {
	places := gazetteer.New()
	annotator := facet.New(places)
	analyzer, err := lexical.NewAnalyzer(nil)
	if err != nil {
		return sample{}, err
	}
	records, _, err := ingest.Read(context.Background(), []string{filepath.Join(testdata, "pages")}, ingest.Options{Annotator: annotator})
	return sample{
		records: records,
		checker: cite.NewChecker(cite.CheckerOptions{Annotator: annotator, Gazetteer: places, Words: analyzer.Words}),
	}, err
})

func theSample(t testing.TB) sample {
	t.Helper()
	s, err := openSample()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// hits are the first passages with the snippets, numbered in their order.
func (s sample) hits(t testing.TB, snippets ...string) []rag.Hit {
	t.Helper()
	var out []rag.Hit
	for i, snippet := range snippets {
		h, ok := s.hit(snippet)
		if !ok {
			t.Fatalf("no passage has %q", snippet)
		}
		h.Rank = i + 1
		out = append(out, h)
	}
	return out
}

func (s sample) hit(snippet string) (rag.Hit, bool) {
	for i := range s.records {
		for _, p := range s.records[i].Passages {
			if strings.Contains(p.Text, snippet) {
				return rag.Hit{Passage: p, Article: &s.records[i].Article}, true
			}
		}
	}
	return rag.Hit{}, false
}

// TestAdversarial measures the check on pairs of our own and compares with the
// committed scores. Run with -update to write both anew, with -v to see what fails.
func TestAdversarial(t *testing.T) {
	pairs := readPairs(t)
	s := theSample(t)
	scores := newPairScores()
	for _, p := range pairs {
		review := s.checker.Review(rag.Query{}, cited(p.Sentence, len(p.Snippets)), s.hits(t, p.Snippets...))
		got := "remove"
		if len(review.Stated) > 0 {
			got = "keep"
		}
		scores.add(p, got == p.Want)
		if got != p.Want && testing.Verbose() && !p.heldOut() {
			t.Logf("%s: got %s: %s | %v", p.ID, got, p.Sentence, review.Sentences[0].Problems)
		}
	}
	now := scores.String()
	if testing.Verbose() {
		t.Log("\n" + now)
	}
	if *update {
		write(t, pairsScores, now)
		return
	}
	committed, err := os.ReadFile(pairsScores)
	if err != nil {
		t.Fatal(err)
	}
	if string(committed) != now {
		t.Errorf("scores have changed; if that is right, run go test ./rag/cite -run TestAdversarial -update\ncommitted:\n%s\nnow:\n%s", committed, now)
	}
}

// cited puts the markers of so many passages before the sentence's end mark.
func cited(sentence string, n int) string {
	marks := ""
	for i := range n {
		marks += fmt.Sprintf("[%d]", i+1)
	}
	body := strings.TrimSuffix(sentence, "。")
	return body + marks + sentence[len(body):]
}

// readPairs reads the pairs by hand and makes the others of the paraphrases; it
// fails when the file has others than those.
func readPairs(t *testing.T) []pair {
	t.Helper()
	data, err := os.ReadFile(pairsFile)
	if err != nil {
		t.Fatal(err)
	}
	var pairs []pair
	lines := bufio.NewScanner(bytes.NewReader(data))
	for n := 1; lines.Scan(); n++ {
		var p pair
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatalf("%s:%d: %v", pairsFile, n, err)
		}
		if p.From == "" {
			pairs = append(pairs, p)
		}
	}
	for _, p := range slices.Clone(pairs) {
		if p.Kind == paraphrase {
			pairs = append(pairs, altered(p)...)
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, p := range pairs {
		if err := enc.Encode(p); err != nil {
			t.Fatal(err)
		}
	}
	switch {
	case *update:
		write(t, pairsFile, b.String())
	case !bytes.Equal(data, b.Bytes()):
		t.Errorf("%s is not what its paraphrases make; run go test ./rag/cite -run TestAdversarial -update", pairsFile)
	}
	return pairs
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

var (
	someNumber = regexp.MustCompile(`\d+(?:\.\d+)?(?:万|亿)?(?:\D|$)`)
	someYear   = regexp.MustCompile(`20(?:24|25|30)年`)
	somePlace  = regexp.MustCompile(`临江区|江滨新区|松岭县|平阜县|云泽市`)
	somePerson = regexp.MustCompile(people)
	someQuote  = regexp.MustCompile(`“[^”]{3,12}”`)
	someUnit   = regexp.MustCompile(`(\d)(亿元|万元|万亩|公里|万人|万户|户|张|家|所|名|部|栋|台|天|%)`)
)

const people = "庞立诚|顾明澜|骆远征|沈怀谦|纪云舒|卓一鸣|梁静姝|乔安平|常青野|裴正声"

// altered makes wrong sentences of a true one: another digit, unit, year,
// place or person, a quotation of other words, two figures exchanged.
func altered(p pair) []pair {
	var out []pair
	add := func(kind, sentence string) {
		if sentence != p.Sentence {
			out = append(out, pair{ID: p.ID + "/" + kind, Kind: kind, Sentence: sentence, Snippets: p.Snippets, Want: "remove", From: p.ID})
		}
	}
	add("digit", otherDigit(p))
	add("unit", replaceOnce(someUnit, p.Sentence, func(s string) string { return s[:1] + otherUnit(s[1:]) }))
	add("year", replaceOnce(someYear, p.Sentence, func(s string) string {
		return map[string]string{"2024年": "2025年", "2025年": "2024年", "2030年": "2035年"}[s]
	}))
	add("place", replaceOnce(somePlace, p.Sentence, func(s string) string {
		return map[string]string{"临江区": "松岭县", "江滨新区": "平阜县", "松岭县": "临江区", "平阜县": "江滨新区", "云泽市": "平阜县"}[s]
	}))
	add("person", replaceOnce(somePerson, p.Sentence, func(s string) string {
		names := strings.Split(people, "|")
		return names[(slices.Index(names, s)+1)%len(names)]
	}))
	add("quote", replaceOnce(someQuote, p.Sentence, func(s string) string {
		rs := []rune(s)
		rs[1], rs[2] = rs[2], rs[1]
		return string(rs)
	}))
	add("subject", swapped(p.Sentence))
	return out
}

// swapped exchanges the first two different numbers with the same unit.
func swapped(sentence string) string {
	figures := zh.Figures(sentence)
	for i, a := range figures {
		for _, b := range figures[i+1:] {
			first, second := a.Number.In(sentence), b.Number.In(sentence)
			if a.Unit == b.Unit && a.Value != b.Value {
				return sentence[:a.Number.Start] + second + sentence[a.Number.End:b.Number.Start] + first + sentence[b.Number.End:]
			}
		}
	}
	return sentence
}

func replaceOnce(re *regexp.Regexp, s string, with func(string) string) string {
	at := re.FindStringIndex(s)
	if at == nil {
		return s
	}
	return s[:at[0]] + with(s[at[0]:at[1]]) + s[at[1]:]
}

func otherUnit(unit string) string {
	return map[string]string{
		"亿元": "万元", "万元": "亿元", "万亩": "万公顷", "公里": "米", "万人": "万户", "万户": "万人", "户": "人", "张": "套", "家": "人", "所": "名",
		"名": "户", "部": "吨", "栋": "公里", "台": "元", "天": "小时", "%": "个百分点",
	}[unit]
}

// otherDigit changes the first digit of the last number that belongs to no year,
// month or day, by three.
func otherDigit(p pair) string {
	all := someNumber.FindAllStringIndex(p.Sentence, -1)
	for _, at := range slices.Backward(all) {
		if strings.ContainsAny(p.Sentence[at[0]:min(len(p.Sentence), at[1]+2)], "年月日时") {
			continue
		}
		digit := (p.Sentence[at[0]]-'0'+2)%9 + 1
		return p.Sentence[:at[0]] + string(rune('0'+digit)) + p.Sentence[at[0]+1:]
	}
	return p.Sentence
}

// pairScores counts what is judged right, by kind, for the pairs that the rules
// were set on and for those held out.
type pairScores struct{ n, right map[[2]string]int }

func newPairScores() *pairScores {
	return &pairScores{map[[2]string]int{}, map[[2]string]int{}}
}

func (s *pairScores) add(p pair, right bool) {
	part := "tuned"
	if p.heldOut() {
		part = "held-out"
	}
	kinds := []string{p.Kind}
	if p.Want == "remove" {
		kinds = append(kinds, "all wrong")
	}
	for _, kind := range kinds {
		s.n[[2]string{kind, part}]++
		if right {
			s.right[[2]string{kind, part}]++
		}
	}
}

// String is the score file: for paraphrases right means kept, for all others
// that the sentence was caught.
func (s *pairScores) String() string {
	kinds := []string{}
	for key := range s.n {
		if !slices.Contains(kinds, key[0]) {
			kinds = append(kinds, key[0])
		}
	}
	slices.Sort(kinds)
	var b strings.Builder
	b.WriteString("kind\tpart\tn\tright\trate\tfalse alarms\n")
	for _, kind := range kinds {
		for _, part := range []string{"tuned", "held-out"} {
			key := [2]string{kind, part}
			n, right := s.n[key], s.right[key]
			if n == 0 {
				continue
			}
			alarms := 0
			if kind == paraphrase {
				alarms = n - right
			}
			fmt.Fprintf(&b, "%s\t%s\t%d\t%d\t%.3f\t%d\n", kind, part, n, right, float64(right)/float64(n), alarms)
		}
	}
	return b.String()
}
