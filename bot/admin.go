package bot

import (
	"context"
	"fmt"
	"strings"

	"wenbao/corpus/zh"
)

func (b *Bot) statsCommand(ctx context.Context, x *exchange) Reply {
	s, w := b.opt.Meter.Stats(), x.words
	c, release := b.opt.Library.Acquire()
	defer release()
	good, bad, err := b.opt.Store.Opinions(ctx)
	b.check(x.event, "count opinions", err)
	on, err := b.opt.Store.Maintenance(ctx)
	b.check(x.event, "read maintenance switch", err)
	model := c.Model
	if model == "" {
		model = w.NoModel
	}
	return Say(strings.Join([]string{
		fmt.Sprintf(w.StatsUpdates, s.Updates, s.Queued),
		fmt.Sprintf(w.StatsAnswers, s.Answered, s.NoEvidence, s.Generative, s.Removed),
		fmt.Sprintf(w.StatsTimes, s.P50, s.P95),
		fmt.Sprintf(w.StatsFaults, s.TooMany, s.Panics),
		fmt.Sprintf(w.StatsOpinions, good, bad),
		fmt.Sprintf(w.StatsCollection, c.Printed.Coverage().Articles, c.Index.Len(), model),
		w.maintenance(on),
	}, "\n"))
}

func (b *Bot) reloadCommand(ctx context.Context, x *exchange) Reply {
	changed, err := b.opt.Library.Reload(ctx)
	switch {
	case !b.check(x.event, "reload", err):
		return Say(x.words.ReloadFailed)
	case !changed:
		return Say(x.words.ReloadSame)
	}
	c, release := b.opt.Library.Acquire()
	defer release()
	coverage := c.Printed.Coverage()
	return Say(fmt.Sprintf(x.words.ReloadDone, coverage.Articles, x.words.days(coverage.First, coverage.Last)))
}

// maintenanceCommand closes the bot to all but its admins, or opens it.
func (b *Bot) maintenanceCommand(ctx context.Context, x *exchange) Reply {
	switch strings.ToLower(zh.Simplified(x.event.Text)) {
	case "":
		on, err := b.opt.Store.Maintenance(ctx)
		if !b.check(x.event, "read maintenance switch", err) {
			return x.trouble()
		}
		return Say(x.words.maintenance(on) + "\n" + x.words.MaintenanceUsage)
	case "on", "开":
		return b.setMaintenance(ctx, x, true)
	case "off", "关":
		return b.setMaintenance(ctx, x, false)
	}
	return Say(x.words.MaintenanceUsage)
}

func (b *Bot) setMaintenance(ctx context.Context, x *exchange, on bool) Reply {
	if !b.check(x.event, "set maintenance switch", b.opt.Store.SetMaintenance(ctx, on)) {
		return x.trouble()
	}
	return Say(x.words.maintenance(on))
}

func (w *catalogue) maintenance(on bool) string {
	if on {
		return w.MaintenanceOn
	}
	return w.MaintenanceOff
}
