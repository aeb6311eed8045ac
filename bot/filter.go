package bot

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"wenbao/corpus"
	"wenbao/corpus/gazetteer"
	"wenbao/corpus/zh"
	"wenbao/rag"
)

const (
	// menuPlaces and menuYears are how many have buttons.
	menuPlaces, menuYears = 8, 6
	// menuRow is how many buttons stand in a row.
	menuRow = 2
	// nearPlaces is how many known places are offered for one that is not.
	nearPlaces = 3
)

// placeCommand sets the places that answers come from, or shows them.
func (b *Bot) placeCommand(ctx context.Context, x *exchange) Reply {
	c, release := b.opt.Library.Acquire()
	defer release()
	if x.event.Text == "" {
		return messages(x.words.placeMenu(x.session.filter(), c.Printed.Coverage()))
	}
	var places []string
	if !clears(x.event.Text) {
		known := c.Index.Places()
		for _, name := range splitNames(zh.Simplified(x.event.Text)) {
			full := fullNames(name, known)
			if len(full) == 0 {
				return Say(x.words.unknownPlace(name, likeNames(name, known)))
			}
			for _, place := range full {
				if !slices.Contains(places, place) {
					places = append(places, place)
				}
			}
		}
	}
	return b.setFilter(ctx, x, func(s *Session) { s.Places = places })
}

// periodCommand sets the years that answers speak of, or shows them.
func (b *Bot) periodCommand(ctx context.Context, x *exchange) Reply {
	c, release := b.opt.Library.Acquire()
	defer release()
	coverage := c.Printed.Coverage()
	if x.event.Text == "" {
		return messages(x.words.periodMenu(x.session.filter(), coverage))
	}
	var years corpus.Years
	if !clears(x.event.Text) {
		var ok bool
		if years, ok = parseYears(x.event.Text, coverage.Last); !ok {
			return Say(x.words.BadPeriod)
		}
	}
	return b.setFilter(ctx, x, func(s *Session) { s.Years = years })
}

// setFilter changes the standing filter and says what it is now.
func (b *Bot) setFilter(ctx context.Context, x *exchange, set func(*Session)) Reply {
	if !b.changeFilter(ctx, x, set) {
		return x.trouble()
	}
	f := x.session.filter()
	if f.IsZero() {
		return Say(x.words.FilterCleared)
	}
	m := Text(fmt.Sprintf(x.words.FilterSet, x.words.filterName(f)))
	m.Buttons = x.words.clearRow(f)
	return messages(m)
}

// changeFilter changes the standing filter, in the exchange as well.
func (b *Bot) changeFilter(ctx context.Context, x *exchange, set func(*Session)) bool {
	return b.updateSession(ctx, x, "keep filter", func(s *Session) {
		set(s)
		s.Used = b.opt.Now()
		x.session.Places, x.session.Years = slices.Clone(s.Places), s.Years
	})
}

// pressedFilter sets the filter of who has pressed. A menu in a private chat shows
// it; one in a group belongs to somebody, maybe to somebody else.
func (b *Bot) pressedFilter(ctx context.Context, x *exchange, p press) Reply {
	c, release := b.opt.Library.Acquire()
	defer release()
	set, ok := filterChange(p, c.Index.Places())
	if !ok {
		return x.stale()
	}
	if !b.changeFilter(ctx, x, set) {
		return x.trouble()
	}
	f, w := x.session.filter(), x.words
	var reply Reply
	if x.event.Chat.Private {
		switch p.verb {
		case pressPlace:
			reply = x.instead(w.placeMenu(f, c.Printed.Coverage()))
		case pressYears:
			reply = x.instead(w.periodMenu(f, c.Printed.Coverage()))
		}
	}
	reply.Toast = w.FilterCleared
	if !f.IsZero() {
		reply.Toast = fmt.Sprintf(w.FilterNow, w.filterName(f))
	}
	return reply
}

// filterChange is what a button does to the filter. It is not to be done for a
// place that is no longer known.
func filterChange(p press, known []string) (set func(*Session), ok bool) {
	var places []string
	var years corpus.Years
	switch p.verb {
	case pressClear:
		return func(s *Session) { s.Places, s.Years = nil, corpus.Years{} }, true
	case pressPlace:
		if p.name != "" {
			places = []string{p.name}
		}
		return func(s *Session) { s.Places = places }, p.name == "" || slices.Contains(known, p.name)
	}
	if p.name != "" {
		years, ok = parseYears(p.name, corpus.Date{})
	}
	return func(s *Session) { s.Years = years }, p.name == "" || ok
}

// placeMenu shows the places of the filter, and buttons for those most covered.
func (w *catalogue) placeMenu(f rag.Filter, c rag.Coverage) Message {
	var buttons []Button
	for _, place := range c.Places {
		p := press{verb: pressPlace, name: place}
		if len(p.String()) > MaxData || len(buttons) == menuPlaces {
			continue
		}
		text := place
		if slices.Contains(f.Places, place) {
			text = w.Chosen + text
		}
		buttons = append(buttons, button(text, p))
	}
	return w.menu(f, w.PlaceUsage, buttons, len(f.Places) > 0, button(w.AnyPlace, press{verb: pressPlace}))
}

// periodMenu shows the years of the filter, and buttons for the latest ones.
func (w *catalogue) periodMenu(f rag.Filter, c rag.Coverage) Message {
	var buttons []Button
	for _, year := range menuYearsOf(c) {
		y := corpus.Years{From: year, To: year}
		text := w.yearsName(y)
		if f.Years == y {
			text = w.Chosen + text
		}
		buttons = append(buttons, button(text, press{verb: pressYears, name: strconv.Itoa(year)}))
	}
	return w.menu(f, w.PeriodUsage, buttons, !f.Years.IsZero(), button(w.AnyYear, press{verb: pressYears}))
}

// menuYearsOf are the latest years spoken of up to the one after the newest paper:
// long plans speak of many more.
func menuYearsOf(c rag.Coverage) []int {
	years := c.Years
	if c.Last.Year > 0 {
		years = slices.DeleteFunc(slices.Clone(years), func(y int) bool { return y > c.Last.Year+1 })
	}
	return years[max(0, len(years)-menuYears):]
}

func (w *catalogue) menu(f rag.Filter, usage string, buttons []Button, set bool, unset Button) Message {
	now := w.NoFilter
	if !f.IsZero() {
		now = fmt.Sprintf(w.FilterNow, w.filterName(f))
	}
	m := Message{Blocks: []Block{Paragraph(now), Paragraph(usage)}}
	for row := range slices.Chunk(buttons, menuRow) {
		m.Buttons = append(m.Buttons, row)
	}
	if set {
		m.Buttons = append(m.Buttons, []Button{unset})
	}
	return m
}

// clears reports whether an argument asks for no filter.
func clears(s string) bool {
	switch strings.ToLower(zh.Simplified(s)) {
	case "不限", "全部", "清除", "取消", "无", "all", "off", "any", "none":
		return true
	}
	return false
}

// splitNames takes a list of names apart.
func splitNames(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("、，,；;/", r) })
}

// fullNames are the known places that have a name, or have it as their short form.
func fullNames(name string, known []string) []string {
	if slices.Contains(known, name) {
		return []string{name}
	}
	var out []string
	for _, full := range known {
		if gazetteer.ShortForm(full) == name {
			out = append(out, full)
		}
	}
	return out
}

// likeNames are up to nearPlaces known places that share most characters with a
// name; of equal ones those first that come first.
func likeNames(name string, known []string) []string {
	type near struct {
		place  string
		shared int
	}
	var all []near
	for _, place := range known {
		shared := 0
		for _, r := range cmp.Or(gazetteer.ShortForm(place), place) {
			if strings.ContainsRune(name, r) {
				shared++
			}
		}
		if shared > 0 {
			all = append(all, near{place, shared})
		}
	}
	slices.SortStableFunc(all, func(a, b near) int { return cmp.Compare(b.shared, a.shared) })
	var out []string
	for _, n := range all[:min(len(all), nearPlaces)] {
		out = append(out, n.place)
	}
	return out
}

// unknownPlace says that a place is not covered, and which ones like it are.
func (w *catalogue) unknownPlace(name string, near []string) string {
	if len(near) == 0 {
		return fmt.Sprintf(w.UnknownPlace, name)
	}
	return fmt.Sprintf(w.UnknownPlaceNear, name, strings.Join(near, w.ListComma))
}

// yearRange is 2025, 2025年 or 2021—2025年.
var yearRange = regexp.MustCompile(`^(\d{4})年?(?:[-~至到]+(\d{4})年?)?$`)

// parseYears reads years in digits, or in words as seen from a day (今年, “十五五”).
func parseYears(s string, from corpus.Date) (corpus.Years, bool) {
	if m := yearRange.FindStringSubmatch(zh.Fold(s)); m != nil {
		y := corpus.Years{}
		y.From, _ = strconv.Atoi(m[1]) // four digits
		y.To = y.From
		if m[2] != "" {
			y.To, _ = strconv.Atoi(m[2])
		}
		return y, y.From > 0 && y.From <= y.To
	}
	times := zh.Times(s, from)
	if len(times) != 1 || times[0].Years.IsZero() || !times[0].Date.IsZero() {
		return corpus.Years{}, false
	}
	return times[0].Years, true
}
