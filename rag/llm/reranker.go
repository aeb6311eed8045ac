package llm

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
)

// rerankBatch is how many texts are scored in a request: what a TEI server takes
// unless told otherwise. A score does not depend on the other texts.
const rerankBatch = 32

// Reranker scores texts against a query by the /rerank protocol, in the dialect
// of Jina, vLLM and llama.cpp or in that of TEI; which one it is, it finds out.
// It is safe for concurrent use.
type Reranker struct {
	client *client
	name   string
	url    string
	tei    atomic.Bool // the server speaks TEI's dialect
}

// OpenReranker makes a Reranker out of a configuration whose URL is that of the
// server, or of its /rerank. Kind is not used, and Name may be "" where the server
// has one model. It dials nothing.
func OpenReranker(cfg Config, opt Options) (*Reranker, error) {
	if cfg.URL == "" {
		return nil, errors.New("reranker: the server's address is missing")
	}
	if err := cfg.validate(); err != nil {
		return nil, fmt.Errorf("reranker: %w", err)
	}
	url := strings.TrimRight(cfg.URL, "/")
	if !strings.HasSuffix(url, "/rerank") {
		url += "/rerank"
	}
	return &Reranker{client: newClient("reranker "+cfg.Name, cfg, opt), name: cfg.Name, url: url}, nil
}

// Name is the model's name, or else the server's address.
func (r *Reranker) Name() string { return cmp.Or(r.name, r.url) }

// String is Name.
func (r *Reranker) String() string { return r.Name() }

// Rerank gives one score for each text, in their order: the higher, the better the
// text answers the query. Scores of different servers cannot be compared. On an
// error there are none.
func (r *Reranker) Rerank(ctx context.Context, query string, texts []string) ([]float64, error) {
	scores := make([]float64, 0, len(texts))
	for batch := range slices.Chunk(texts, rerankBatch) {
		s, err := r.score(ctx, query, batch)
		if err != nil {
			return nil, fmt.Errorf("reranker: %w", err)
		}
		scores = append(scores, s...)
	}
	return scores, nil
}

// score scores a batch, in the other dialect too where the first is refused.
func (r *Reranker) score(ctx context.Context, query string, texts []string) ([]float64, error) {
	tei := r.tei.Load()
	scores, err := r.ask(ctx, tei, query, texts)
	if !errors.Is(err, ErrRequest) {
		return scores, err
	}
	scores, other := r.ask(ctx, !tei, query, texts)
	if other != nil {
		return nil, err
	}
	r.tei.Store(!tei)
	return scores, nil
}

// ask sends one request in the dialect given.
func (r *Reranker) ask(ctx context.Context, tei bool, query string, texts []string) ([]float64, error) {
	var in any = struct {
		Model     string   `json:"model,omitempty"`
		Query     string   `json:"query"`
		Documents []string `json:"documents"`
		TopN      int      `json:"top_n"`
	}{r.name, query, texts, len(texts)}
	if tei {
		in = struct {
			Query string   `json:"query"`
			Texts []string `json:"texts"`
		}{query, texts}
	}
	var body json.RawMessage
	if err := r.client.exchange(ctx, http.MethodPost, r.url, in, &body); err != nil {
		return nil, err
	}
	ranks, err := parseRanks(body)
	if err != nil {
		return nil, err
	}
	return inOrder(ranks, len(texts))
}

// rank is the score of one text. The two dialects name it differently.
type rank struct {
	Index     *int     `json:"index"`
	Relevance *float64 `json:"relevance_score"`
	Score     *float64 `json:"score"`
}

// parseRanks reads {"results":[…]} or a bare list.
func parseRanks(body []byte) ([]rank, error) {
	var list []rank
	if json.Unmarshal(body, &list) == nil && list != nil {
		return list, nil
	}
	var object struct {
		Results []rank `json:"results"`
	}
	if json.Unmarshal(body, &object) != nil || object.Results == nil {
		return nil, ErrMalformed
	}
	return object.Results, nil
}

// inOrder gives the scores in the order of the n texts, each exactly once.
func inOrder(ranks []rank, n int) ([]float64, error) {
	scores := make([]float64, n)
	seen := make([]bool, n)
	for _, k := range ranks {
		score := cmp.Or(k.Relevance, k.Score)
		if k.Index == nil || score == nil || *k.Index < 0 || *k.Index >= n || seen[*k.Index] {
			return nil, fmt.Errorf("a result without its text or score: %w", ErrMalformed)
		}
		scores[*k.Index], seen[*k.Index] = *score, true
	}
	if slices.Contains(seen, false) {
		return nil, fmt.Errorf("%d scores for %d texts: %w", len(ranks), n, ErrMalformed)
	}
	return scores, nil
}
