package chain

import (
	"cmp"
	"context"
	"slices"
	"unicode"
	"unicode/utf8"

	"wenbao/corpus"
	"wenbao/rag"
	"wenbao/rag/llm"
)

// packed is what a model is given.
type packed struct {
	hits []rag.Hit
	// free is how many tokens the model may write.
	free int
}

// thinkTokens is what a reasoning model may think beside its answer, where the
// context has the room: servers count it against the same limit.
const thinkTokens = 2000

// pack chooses the passages that the model is given: those that speak for the
// places asked for, reranked where there is a reranker, whole and best first, as
// many as fit.
func (a *Answerer) pack(ctx context.Context, q rag.Query, hits []rag.Hit) packed {
	ordered := inTurn(q.Places, a.rerank(ctx, q, ofPlaces(q.Places, hits)))
	room := a.opt.Model.ContextTokens(ctx) - Tokens(systemMessage) - Tokens(userMessage(q, nil)) - a.opt.AnswerTokens
	var out packed
	used := 0
	for _, h := range ordered {
		cost := Tokens(passageBlock(len(out.hits)+1, h))
		// One passage is always given: whether it fits is for the server to say.
		if len(out.hits) == a.opt.Passages || used+cost > room && len(out.hits) > 0 {
			break
		}
		used += cost
		out.hits = append(out.hits, h)
	}
	out.free = a.opt.AnswerTokens + min(max(room-used, 0), thinkTokens)
	a.opt.Logger.Info("passages packed", "passages", len(out.hits), "of", len(hits), "tokens", used)
	return out
}

// ofPlaces keeps the passages that speak for or name a place asked for, where
// there are any: what is not given cannot be told of the wrong place.
func ofPlaces(places []string, hits []rag.Hit) []rag.Hit {
	var out []rag.Hit
	for _, h := range hits {
		if slices.ContainsFunc(places, func(p string) bool { return speaksOf(h.Passage, p) }) {
			out = append(out, h)
		}
	}
	if len(out) == 0 {
		return hits
	}
	return out
}

// speaksOf reports whether a passage speaks for a place or names it.
func speaksOf(p corpus.Passage, place string) bool {
	return slices.Contains(p.Facets.Places, place) || slices.Contains(p.Facets.Mentions, place)
}

// inTurn gives the places' passages in turn, so that a question over several is
// not packed with those of one. The others follow.
func inTurn(places []string, hits []rag.Hit) []rag.Hit {
	if len(places) < 2 {
		return hits
	}
	turn := make([]int, len(hits))
	seen := map[string]int{}
	for i, h := range hits {
		turn[i] = len(hits)
		for _, p := range places {
			if speaksOf(h.Passage, p) {
				turn[i] = min(turn[i], seen[p])
				seen[p]++
			}
		}
	}
	return ordered(hits, func(i, j int) int { return cmp.Compare(turn[i], turn[j]) })
}

// rerank orders hits by the reranker's scores; without one, or when it fails,
// they stay as they are.
func (a *Answerer) rerank(ctx context.Context, q rag.Query, hits []rag.Hit) []rag.Hit {
	if a.opt.Reranker == nil || len(hits) < 2 {
		return hits
	}
	texts := make([]string, len(hits))
	for i, h := range hits {
		texts[i] = source(h) + "\n" + h.Passage.Text
	}
	scores, err := a.opt.Reranker.Rerank(ctx, q.Text, texts)
	if err != nil || len(scores) != len(hits) {
		a.opt.Logger.Warn("reranker failed", "fault", llm.FaultOf(err), "scores", len(scores))
		return hits
	}
	return ordered(hits, func(i, j int) int { return cmp.Compare(scores[j], scores[i]) })
}

// ordered gives the hits in the order that compare has for their indices; equal
// ones keep theirs.
func ordered(hits []rag.Hit, compare func(i, j int) int) []rag.Hit {
	order := make([]int, len(hits))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, compare)
	out := make([]rag.Hit, len(hits))
	for i, n := range order {
		out[i] = hits[n]
	}
	return out
}

// Tokens is a cautious estimate of how many tokens a text is to a model: one for
// each Chinese character, one for three other bytes. Tokenizers with a Chinese
// vocabulary need two thirds of that.
func Tokens(s string) int {
	wide, rest := 0, 0
	for _, r := range s {
		if r > unicode.MaxLatin1 {
			wide++
		} else {
			rest += utf8.RuneLen(r)
		}
	}
	return wide + (rest+2)/3
}
