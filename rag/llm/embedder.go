package llm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/tmc/langchaingo/embeddings"
)

// Texts in one request. Ollama takes any number; of the hosted services some
// take ten (DashScope).
const (
	ollamaBatch = 32
	hostedBatch = 10
)

// maxDim is the most values that a vector may have; the largest model known has 8,192.
const maxDim = 1 << 16

// Embedder turns texts into vectors of length 1. It is safe for concurrent use.
//
// The length of the vectors is known when it was configured, or once Probe or
// Embed has asked the server: Dim is 0 until then.
type Embedder struct {
	cfg     Config // without the key
	client  *client
	catalog catalog
	dim     atomic.Int64
}

var _ embeddings.Embedder = (*Embedder)(nil)

// OpenEmbedder makes an Embedder. It dials nothing.
func OpenEmbedder(cfg Config, opt Options) (*Embedder, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("embedder: %w", err)
	}
	c := newClient("embedder "+cfg.Name, cfg, opt)
	base, root := cfg.bases()
	cfg.Key = ""
	if cfg.Batch == 0 && cfg.Kind == KindOllama {
		cfg.Batch = ollamaBatch
	}
	cfg.Batch = cmp.Or(cfg.Batch, hostedBatch)
	e := &Embedder{cfg: cfg, client: c, catalog: catalog{c, base, root}}
	e.dim.Store(int64(cfg.Dim))
	return e, nil
}

// Name is the kind, the model and, once known, the length of the vectors:
// "ollama:bge-m3/1024".
func (e *Embedder) Name() string {
	name := e.cfg.Kind + ":" + e.cfg.Name
	if dim := e.Dim(); dim > 0 {
		name += "/" + strconv.Itoa(dim)
	}
	return name
}

// String is Name.
func (e *Embedder) String() string { return e.Name() }

// BatchSize is how many texts are best given to Embed at once: what goes into
// one request.
func (e *Embedder) BatchSize() int { return e.cfg.Batch }

// Dim is the length of the vectors, 0 while it is not known.
func (e *Embedder) Dim() int { return int(e.dim.Load()) }

// Probe asks the server for a vector and gives its length. A length that was
// configured has to be the server's, else the error is ErrDim.
func (e *Embedder) Probe(ctx context.Context) (int, error) {
	if _, err := e.Embed(ctx, []string{"云"}); err != nil {
		return 0, err
	}
	return e.Dim(), nil
}

// Embed gives one vector of length 1 for each text, in their order. A text of
// white space alone is not sent: its vector is all zeros, or empty while Dim is
// not known. On an error there are no vectors.
func (e *Embedder) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	vectors := make([][]float32, len(texts))
	var said []int // the texts that say something
	for i, text := range texts {
		if strings.TrimSpace(text) != "" {
			said = append(said, i)
		}
	}
	for batch := range slices.Chunk(said, e.cfg.Batch) {
		if err := e.embedOrShorten(ctx, texts, batch, vectors); err != nil {
			return nil, fmt.Errorf("embedder %s: %w", e.cfg.Name, err)
		}
	}
	for i := range vectors {
		if vectors[i] == nil {
			vectors[i] = make([]float32, e.Dim())
		}
	}
	return vectors, nil
}

// EmbedDocuments is Embed, as langchaingo calls it.
func (e *Embedder) EmbedDocuments(ctx context.Context, texts []string) ([][]float32, error) {
	return e.Embed(ctx, texts)
}

// EmbedQuery embeds one text.
func (e *Embedder) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	vectors, err := e.Embed(ctx, []string{text})
	if err != nil {
		return nil, err
	}
	return vectors[0], nil
}

// embeddingAnswer is what /embeddings gives: vectors in any order.
type embeddingAnswer struct {
	Data []struct {
		Index     *int      `json:"index"`
		Embedding []float64 `json:"embedding"`
	} `json:"data"`
}

// shortestCut is how few characters of a text that the server refuses as a whole
// are still tried: fewer fit any model's context, and it is refused for another reason.
const shortestCut = 64

// embedOrShorten is embed, and where the server accepts a batch not: its texts one
// by one, and of one that is refused alone, which is mostly longer than the model
// reads, its beginning. Servers tell that case in prose alone or not at all.
func (e *Embedder) embedOrShorten(ctx context.Context, texts []string, batch []int, vectors [][]float32) error {
	err := e.embed(ctx, texts, batch, vectors)
	if !errors.Is(err, ErrRequest) && !errors.Is(err, ErrContext) {
		return err
	}
	for _, n := range batch {
		text := []rune(texts[n])
		one := e.embed(ctx, []string{texts[n]}, []int{0}, vectors[n:n+1])
		for (errors.Is(one, ErrRequest) || errors.Is(one, ErrContext)) && len(text)/2 >= shortestCut {
			text = text[:len(text)/2]
			one = e.embed(ctx, []string{string(text)}, []int{0}, vectors[n:n+1])
		}
		if one != nil {
			return one
		}
	}
	return nil
}

// embed fills in the vectors of the texts whose numbers are given.
func (e *Embedder) embed(ctx context.Context, texts []string, batch []int, vectors [][]float32) error {
	input := make([]string, len(batch))
	for i, n := range batch {
		input[i] = texts[n]
	}
	ask := struct {
		Model string   `json:"model"`
		Input []string `json:"input"`
	}{e.cfg.Name, input}
	var got embeddingAnswer
	if err := e.client.exchange(ctx, http.MethodPost, e.catalog.base+"/embeddings", ask, &got); err != nil {
		return err
	}
	if len(got.Data) != len(batch) {
		return fmt.Errorf("%d vectors for %d texts: %w", len(got.Data), len(batch), ErrMalformed)
	}
	for i, d := range got.Data {
		at := i
		if d.Index != nil {
			at = *d.Index
		}
		if at < 0 || at >= len(batch) || vectors[batch[at]] != nil {
			return fmt.Errorf("vector %d has the index %d: %w", i, at, ErrMalformed)
		}
		v, err := e.unit(d.Embedding)
		if err != nil {
			return err
		}
		vectors[batch[at]] = v
	}
	return nil
}

// unit checks a vector and gives it the length 1; one of zeros stays as it is.
func (e *Embedder) unit(values []float64) ([]float32, error) {
	if len(values) == 0 || len(values) > maxDim {
		return nil, fmt.Errorf("a vector of %d values: %w", len(values), ErrMalformed)
	}
	e.dim.CompareAndSwap(0, int64(len(values)))
	if len(values) != e.Dim() {
		return nil, fmt.Errorf("%d values, not %d: %w", len(values), e.Dim(), ErrDim)
	}
	largest := 0.0
	for _, x := range values {
		largest = max(largest, math.Abs(x))
	}
	v := make([]float32, len(values))
	if largest == 0 {
		return v, nil
	}
	sum := 0.0
	for _, x := range values { // by the largest, so that no square overflows
		sum += (x / largest) * (x / largest)
	}
	norm := math.Sqrt(sum)
	for i, x := range values {
		v[i] = float32(x / largest / norm)
	}
	return v, nil
}
