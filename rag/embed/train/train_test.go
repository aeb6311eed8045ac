package train_test

import (
	"bytes"
	"context"
	"errors"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"wenbao/rag/embed"
	"wenbao/rag/embed/train"
)

// subjects is how many subjects there are: many more than pairs in a batch, so that
// what a batch tells apart is subjects and not the names of one.
const subjects = 40

// subject is made up: an article about it has one of its two names, once, and some
// of the words that go with either. No character stands in two words.
type subject struct {
	names [2]string
	words [6]string
}

func made() []subject {
	next := rune(0x4e00)
	word := func() string {
		next += 2
		return string([]rune{next - 2, next - 1})
	}
	out := make([]subject, subjects)
	for i := range out {
		s := &out[i]
		for j := range s.names {
			s.names[j] = word()
		}
		for j := range s.words {
			s.words[j] = word()
		}
	}
	return out
}

// text writes articles of four sentences about one subject each.
func text(articles int) string {
	rng := rand.New(rand.NewPCG(3, 4))
	all := made()
	var b strings.Builder
	for range articles {
		s := all[rng.IntN(len(all))]
		name := s.names[rng.IntN(2)]
		b.WriteString(s.words[0] + "\t")
		for i := range 4 {
			rng.Shuffle(len(s.words), func(i, j int) { s.words[i], s.words[j] = s.words[j], s.words[i] })
			if i > 0 {
				name = ""
			}
			b.WriteString(s.words[0] + s.words[1] + name + s.words[2] + "。")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// small is a training that takes a fraction of a second.
func small() train.Options {
	return train.Options{Seed: 1, Steps: 60, Batch: 64, Dim: 16, Words: 4000, Shared: 8, Rate: 0.005, Temperature: 0.2, Every: 20}
}

func run(t testing.TB, text string, opt train.Options) []byte {
	t.Helper()
	b, err := train.Run(t.Context(), strings.NewReader(text), opt)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func vectors(t testing.TB, weights []byte, texts ...string) [][]float32 {
	t.Helper()
	s, err := embed.Decode("trained", weights)
	if err != nil {
		t.Fatal(err)
	}
	out, err := s.Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func dot(a, b []float32) float32 {
	var sum float32
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

// The two names of a subject never stand in one article, and share no character:
// only the words around them tell that they mean the same.
func TestRunFindsSynonyms(t *testing.T) {
	opt := small()
	opt.Steps, opt.Batch, opt.Dim = 400, 24, 32
	var names []string
	for _, s := range made() {
		names = append(names, s.names[:]...)
	}
	v := vectors(t, run(t, text(1500), opt), names...)
	right := 0
	for i := range names {
		best := i ^ 1
		for j := range names {
			if j != i && dot(v[i], v[j]) > dot(v[i], v[best]) {
				best = j
			}
		}
		if best == i^1 {
			right++
		}
	}
	if right < len(names)/2 {
		t.Errorf("of %d names %d are nearest to the other name of their subject", len(names), right)
	}
}

func TestRunIsReproducible(t *testing.T) {
	opt := small()
	opt.Steps = 5
	first := run(t, text(200), opt)
	if !bytes.Equal(first, run(t, text(200), opt)) {
		t.Error("the same text and options give other weights")
	}
	opt.Seed = 2
	if bytes.Equal(first, run(t, text(200), opt)) {
		t.Error("another seed gives the same weights")
	}
}

func TestRunTellsProgress(t *testing.T) {
	opt := small()
	var told []train.Progress
	opt.Progress = func(p train.Progress) { told = append(told, p) }
	run(t, text(600), opt)
	if len(told) != 3 || told[0].Step != 20 || told[2].Step != 60 || told[2].Steps != 60 {
		t.Fatalf("told %+v", told)
	}
	first, last := told[0], told[2]
	if !(last.Loss < first.Loss) || !(last.HeldOut.Loss < first.HeldOut.Loss) || !(last.HeldOut.First > 0) || last.HeldOut.Ten < last.HeldOut.First {
		t.Errorf("nothing is learned from %+v to %+v", first, last)
	}
}

func TestRunGoesOnFromCheckpoint(t *testing.T) {
	want := run(t, text(200), small())
	opt := small()
	opt.Checkpoint = filepath.Join(t.TempDir(), "checkpoint")
	ctx, cancel := context.WithCancel(t.Context())
	opt.Progress = func(train.Progress) { cancel() }
	if _, err := train.Run(ctx, strings.NewReader(text(200)), opt); !errors.Is(err, context.Canceled) {
		t.Fatalf("cut short, the training gives %v", err)
	}
	var steps []int
	opt.Progress = func(p train.Progress) { steps = append(steps, p.Step) }
	if !bytes.Equal(want, run(t, text(200), opt)) {
		t.Error("a training that was cut short gives other weights")
	}
	if !slices.Equal(steps, []int{40, 60}) {
		t.Errorf("after 20 steps are kept, progress is told at %v", steps)
	}
}

func TestRunRefusesAnotherCheckpoint(t *testing.T) {
	opt := small()
	opt.Steps, opt.Every = 2, 1
	opt.Checkpoint = filepath.Join(t.TempDir(), "checkpoint")
	run(t, text(200), opt)
	good, err := os.ReadFile(opt.Checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	damaged := slices.Clone(good)
	damaged[len(damaged)/2] ^= 1
	other := opt
	other.Seed = 7
	tests := []struct {
		name string
		kept []byte
		opt  train.Options
	}{
		{"of another seed", good, other},
		{"cut short", good[:len(good)/2], opt},
		{"damaged", damaged, opt},
		{"empty", nil, opt},
	}
	for _, tt := range tests {
		if err := os.WriteFile(opt.Checkpoint, tt.kept, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := train.Run(t.Context(), strings.NewReader(text(200)), tt.opt); !errors.Is(err, train.ErrCheckpoint) {
			t.Errorf("a checkpoint %s gives %v", tt.name, err)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	tests := []struct {
		name, text string
		opt        train.Options
	}{
		{"no text", "", small()},
		{"a few articles", text(10), small()},
		{"a batch that is no multiple of eight", text(60), train.Options{Batch: 12}},
		{"a dimension that is no multiple of sixteen", text(60), train.Options{Dim: 24}},
		{"a temperature near zero", text(60), train.Options{Temperature: 0.001}},
		{"a negative number", text(60), train.Options{Steps: -1}},
	}
	for _, tt := range tests {
		if b, err := train.Run(t.Context(), strings.NewReader(tt.text), tt.opt); err == nil {
			t.Errorf("%s: %d bytes and no error", tt.name, len(b))
		}
	}
}

// The sum is that of both builds, with and without GOEXPERIMENT=simd. When this
// fails, trainings give other weights than before.
func TestRunIsTheSameInEveryBuild(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("cosines and logarithms are computed otherwise on other machines")
	}
	const want = 0xa006eec44da3a8f7
	opt := small()
	opt.Steps = 20
	sum := fnv.New64a()
	sum.Write(run(t, text(200), opt))
	if got := sum.Sum64(); got != want {
		t.Errorf("the weights have sum %#x, want %#x", got, uint64(want))
	}
}

func FuzzRun(f *testing.F) {
	f.Add("题\t句子一。句子二！")
	f.Add("\t。\n\n\t\t")
	f.Add("\xff\xfe养老\t2024年，１２．５％")
	f.Add("什么时候建成助餐点，老年人吃饭有人管吗？；；")
	base := text(60)
	opt := train.Options{Seed: 1, Steps: 1, Batch: 8, Dim: 16, Words: 50, Shared: 2}
	f.Fuzz(func(t *testing.T, more string) {
		s, err := embed.Decode("fuzzed", run(t, more+"\n"+base, opt))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Embed(t.Context(), []string{more}); err != nil {
			t.Error(err)
		}
	})
}
