package bot_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"wenbao/bot"
)

// fullDisk is a bot.Store of which nothing works.
type fullDisk struct{}

var errDisk = errors.New("no space left")

func (fullDisk) Session(context.Context, bot.Key) (bot.Session, error) { return bot.Session{}, errDisk }
func (fullDisk) UpdateSession(context.Context, bot.Key, func(*bot.Session)) error {
	return errDisk
}
func (fullDisk) PutAnswer(context.Context, bot.Answer) error                   { return errDisk }
func (fullDisk) Answer(context.Context, string) (bot.Answer, error)            { return bot.Answer{}, errDisk }
func (fullDisk) PutOpinion(context.Context, bot.Opinion) error                 { return errDisk }
func (fullDisk) Opinions(context.Context) (int, int, error)                    { return 0, 0, errDisk }
func (fullDisk) EachOpinion(context.Context, func(bot.Opinion) error) error    { return errDisk }
func (fullDisk) UpdateAnswer(context.Context, string, func(*bot.Answer)) error { return errDisk }
func (fullDisk) Spend(context.Context, int64, int64, string, int) (bool, error) {
	return false, errDisk
}
func (fullDisk) Maintenance(context.Context) (bool, error)          { return false, errDisk }
func (fullDisk) SetMaintenance(context.Context, bool) error         { return errDisk }
func (fullDisk) Forget(context.Context, int64) error                { return errDisk }
func (fullDisk) Move(context.Context, int64, int64) error           { return errDisk }
func (fullDisk) Expire(context.Context, time.Time, time.Time) error { return errDisk }

// TestStoreFails: questions are answered without it, nothing that was not done is
// said to be done, and the log holds no word of what was said.
func TestStoreFails(t *testing.T) {
	var log bytes.Buffer
	k := newTalk(t, func(o *bot.Options) {
		o.Store = fullDisk{}
		o.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		o.Limits.ModelPerDay = 1
	})
	withPen(k, &pen{pieces: []string{"……"}})
	r := k.say(bedsQuestion)
	if !strings.Contains(text(r), "320张") || len(buttons(r)) > 0 {
		t.Errorf("%s", shape(r))
	}
	if r := k.say("/search 养老"); !strings.Contains(text(r), "找到 15 段") || len(buttons(r)) > 0 {
		t.Errorf("%s", shape(r))
	}
	k.as(admin)
	for _, line := range []string{"/place 临江区", "/period 2025", "/reset", "/lang en", "/maintenance on", "/maintenance", "/forget"} {
		if r := k.say(line); !strings.Contains(text(r), "出了点问题") {
			t.Errorf("%s: %s", line, text(r))
		}
	}
	k.say("/stats")
	if r := k.pressData("c:"); !strings.Contains(r.Toast, "出了点问题") {
		t.Errorf("%s", shape(r))
	}
	if r := k.pressData("s:aaaaaaaaaaaaa:1"); !isStale(r) {
		t.Errorf("%s", shape(r))
	}
	k.handle(k.event(bot.Event{Kind: bot.EventMoved, MovedTo: -7}))
	k.inline("养老", "")
	k.send("密报.exe", 1)
	if n := strings.Count(log.String(), errDisk.Error()); n < 10 {
		t.Errorf("%d faults in the log", n)
	}
	for _, word := range []string{"临江", "养老", "床位", "密报"} {
		if strings.Contains(log.String(), word) {
			t.Errorf("the log has %q:\n%s", word, log.String())
		}
	}
}

// TestLogsOfFaults: whatever goes wrong, no text reaches the log.
func TestLogsOfFaults(t *testing.T) {
	var log bytes.Buffer
	k := newTalk(t, func(o *bot.Options) {
		o.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	withPen(k, &pen{err: errDisk})
	k.say(bedsQuestion)
	k.say("/show 临江区的养老床位")
	k.say("/verify 临江区的养老床位有三百二十张")
	if !strings.Contains(log.String(), "event=1 ") {
		t.Errorf("the log does not name the event:\n%s", log.String())
	}
	if slices.ContainsFunc([]string{"临江", "床位"}, func(w string) bool { return strings.Contains(log.String(), w) }) {
		t.Errorf("the log has what was said:\n%s", log.String())
	}
}
