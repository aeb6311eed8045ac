package train

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math"

	"wenbao/rag/embed"
)

// Options say how to train. The zero value of each field stands for its default.
type Options struct {
	Seed uint64
	// Steps is how many steps are taken, of Batch pairs each; Batch is a multiple
	// of 8.
	Steps, Batch int
	// Words is the most words that get a vector, Shared how many vectors are for
	// what is none of them, and Dim the number of values of a vector, a multiple
	// of 16.
	Words, Shared, Dim int
	// Rate is how far Adam moves a value in a step. It rises to that over the
	// first steps and falls to nothing at the last.
	Rate float64
	// WeightRate is that of weights, as a multiple of Rate.
	WeightRate float64
	// Temperature divides cosines before the softmax; it is at least 0.03.
	Temperature float64
	// Every is after how many steps the held-out pairs are measured, and Progress
	// told, where set.
	Every    int
	Progress func(Progress)
	// Checkpoint, where set, is a file that the state is kept in, each time that
	// Progress is told, and taken up from where it exists.
	Checkpoint string
}

// Defaults of Options.
const (
	defaultSteps, defaultBatch  = 600, 1024
	defaultWords, defaultShared = 84000, 2048
	defaultDim                  = 256
	defaultRate                 = 0.003
	defaultWeightRate           = 3
	defaultTemperature          = 0.1
	defaultEvery                = 100
)

// leastTemperature keeps the softmax of opposite vectors from running below the
// smallest number.
const leastTemperature = 0.03

// dimUnit is what embed.Encode asks for.
const dimUnit = 16

// warming is the share of the steps in which the rate rises.
const warming = 0.05

// Progress is how far training has come.
type Progress struct {
	Step, Steps int
	// Loss is the mean of the steps since the last report.
	Loss float64
	// HeldOut measures pairs of articles that nothing is learned from.
	HeldOut Measures
}

// Measures are of pairs: the mean loss, and the share of texts that ask for which
// the right one of all that are found is the nearest, or among the ten nearest.
type Measures struct{ Loss, First, Ten float64 }

// complete fills in the defaults and reports what cannot be.
func (o *Options) complete() error {
	o.Steps = cmp.Or(o.Steps, defaultSteps)
	o.Batch = cmp.Or(o.Batch, defaultBatch)
	o.Words = cmp.Or(o.Words, defaultWords)
	o.Shared = cmp.Or(o.Shared, defaultShared)
	o.Dim = cmp.Or(o.Dim, defaultDim)
	o.Every = cmp.Or(o.Every, defaultEvery)
	o.Rate = cmp.Or(o.Rate, defaultRate)
	o.WeightRate = cmp.Or(o.WeightRate, defaultWeightRate)
	o.Temperature = cmp.Or(o.Temperature, defaultTemperature)
	switch {
	case o.Steps < 0 || o.Words < 0 || o.Shared < 0 || o.Every < 0 || o.Rate < 0 || o.WeightRate < 0:
		return errors.New("train: a number is negative")
	case o.Temperature < leastTemperature:
		return fmt.Errorf("train: temperature %v, want at least %v", o.Temperature, leastTemperature)
	case o.Batch < lanes || o.Batch%lanes != 0:
		return fmt.Errorf("train: batches of %d pairs, want a multiple of %d", o.Batch, lanes)
	case o.Dim < dimUnit || o.Dim%dimUnit != 0:
		return fmt.Errorf("train: dimension %d, want a multiple of %d", o.Dim, dimUnit)
	}
	return nil
}

// heldOutEvery is one article of so many that nothing is learned from.
const heldOutEvery = 50

// split takes the held-out articles away.
func split(articles []article) (learned, heldOut []article) {
	for i := range articles {
		if i%heldOutEvery == heldOutEvery-1 {
			heldOut = append(heldOut, articles[i])
		} else {
			learned = append(learned, articles[i])
		}
	}
	return learned, heldOut
}

// Run learns weights from a text, one article a line, "title<tab>text" or "text",
// and returns them as embed.Decode reads them. The same text and options give the
// same weights. It fails when the text cannot be read or is too short, or with the
// error of a done context.
func Run(ctx context.Context, text io.Reader, opt Options) ([]byte, error) {
	if err := opt.complete(); err != nil {
		return nil, err
	}
	sum := fnv.New64a()
	articles, err := readArticles(io.TeeReader(text, sum))
	if err != nil {
		return nil, err
	}
	learned, heldOut := split(articles)
	if len(learned) == 0 || len(heldOut) == 0 {
		return nil, fmt.Errorf("train: %d articles, want at least %d", len(articles), heldOutEvery)
	}
	said, err := parseColloquial(colloquialTable)
	if err != nil {
		return nil, err
	}
	words := count(learned).choose(opt.Words, said.words())
	vocabulary, err := vocabularyOf(words, opt.Shared)
	if err != nil {
		return nil, err
	}
	rewriter := newRewriter(said, words)
	r := &run{
		opt: opt, text: sum.Sum64(), source: newSource(learned, rewriter), heldOut: newSource(heldOut, rewriter),
		model: newModel(vocabulary, opt.Dim, opt.Seed, learned),
	}
	if err := r.train(ctx); err != nil {
		return nil, err
	}
	return embed.Encode(vocabulary, opt.Dim, r.model.weighted())
}

// vocabularyOf makes a vocabulary of words. Of two with one key the first stays.
func vocabularyOf(words []string, shared int) (*embed.Vocabulary, error) {
	seen := map[uint32]bool{}
	var keys []uint32
	for _, w := range words {
		if key, ok := embed.Key(w); ok && !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	return embed.NewVocabulary(keys, shared)
}

// run is a training under way.
type run struct {
	opt             Options
	text            uint64 // hash of the text learned from
	source, heldOut *source
	model           *model
}

// prepared is a batch of pairs as a learner takes it.
type prepared struct {
	texts  texts
	groups []int
}

// heldOutSeed draws the held-out pairs, the same ones in each run.
const heldOutSeed = 12345

func (r *run) prepare(s *source, seed uint64, number int) *prepared {
	pairs := s.batch(seed, number, r.opt.Batch)
	p := &prepared{groups: make([]int, len(pairs))}
	for i := range pairs {
		p.groups[i] = pairs[i].group
		p.texts.add(r.model.vocabulary, pairs[i].asked)
	}
	for i := range pairs {
		p.texts.add(r.model.vocabulary, pairs[i].found)
	}
	return p
}

// train takes the steps that are left. Batches are made while the one before is
// learned from.
func (r *run) train(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	first, err := r.resume()
	if err != nil {
		return err
	}
	batches := make(chan *prepared)
	go func() {
		defer close(batches)
		for step := first; step < r.opt.Steps; step++ {
			select {
			case batches <- r.prepare(r.source, r.opt.Seed, step):
			case <-ctx.Done():
				return
			}
		}
	}()
	measured := r.prepare(r.heldOut, heldOutSeed, 0)
	l := newLearner(r.model, r.opt.Batch, r.opt.Temperature)
	loss, since := 0.0, 0
	for step := first; step < r.opt.Steps; step++ {
		batch, ok := <-batches
		if !ok {
			return ctx.Err()
		}
		rate := r.rate(step)
		loss += l.step(&batch.texts, batch.groups, ratesOf(rate), ratesOf(rate*r.opt.WeightRate))
		since++
		if (step+1)%r.opt.Every != 0 && step+1 < r.opt.Steps {
			continue
		}
		if err := r.report(l, measured, step+1, loss/float64(since)); err != nil {
			return err
		}
		loss, since = 0, 0
	}
	return ctx.Err()
}

// rate is the learning rate of a step.
func (r *run) rate(step int) float64 {
	done := (float64(step) + 0.5) / float64(r.opt.Steps)
	if done < warming {
		return r.opt.Rate * done / warming
	}
	return r.opt.Rate * (1 + math.Cos(math.Pi*(done-warming)/(1-warming))) / 2
}

// report measures, tells and keeps.
func (r *run) report(l *learner, measured *prepared, step int, loss float64) error {
	if r.opt.Progress != nil {
		r.opt.Progress(Progress{Step: step, Steps: r.opt.Steps, Loss: loss, HeldOut: l.measure(measured)})
	}
	return r.keep(step)
}

// measure measures pairs.
func (l *learner) measure(p *prepared) Measures {
	m := Measures{Loss: l.loss(&p.texts, p.groups)}
	for i := range l.n {
		row := l.near[i*l.n : (i+1)*l.n]
		nearer := 0
		for j, x := range row {
			if j != i && x >= row[i] {
				nearer++
			}
		}
		if nearer == 0 {
			m.First += 1 / float64(l.n)
		}
		if nearer < 10 {
			m.Ten += 1 / float64(l.n)
		}
	}
	return m
}
