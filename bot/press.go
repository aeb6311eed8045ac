package bot

import "context"

// press handles a pressed button that asks nothing.
func (b *Bot) press(ctx context.Context, x *exchange) Reply {
	p, ok := parsePress(x.event.Data)
	if !ok {
		return x.stale()
	}
	switch p.verb {
	case pressSource, pressView, pressFold:
		return b.pressedSource(ctx, x, p)
	case pressSources:
		return b.pressedSources(ctx, x, p)
	case pressOpinion:
		return b.pressedOpinion(ctx, x, p)
	case pressFound:
		return b.pressedFound(ctx, x, p)
	case pressSuggest:
		return b.pressedSuggest(ctx, x, p)
	case pressPlace, pressYears, pressClear:
		return b.pressedFilter(ctx, x, p)
	}
	return x.stale()
}
