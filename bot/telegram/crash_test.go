package telegram_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"wenbao/bot"
	"wenbao/bot/bottest"
	"wenbao/bot/journal"
	"wenbao/bot/telegram"
)

// life is a program that crashes at its n-th step, 0 for never. Steps are the
// moments before and after each call and each write to the journal, on its side of
// them: after a crash it can do nothing more, and sees nothing of what it has done.
type life struct {
	inner telegram.Doer
	leave func() // keeps what the crash leaves

	mu      sync.Mutex
	n       int
	step    string // where it crashed, "" before
	crashed chan struct{}
}

func newLife(inner telegram.Doer, n int, leave func()) *life {
	return &life{inner: inner, leave: leave, n: n, crashed: make(chan struct{})}
}

// pass is one step.
func (l *life) pass(step string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.step != "" {
		return errDead
	}
	if l.n--; l.n != 0 {
		return nil
	}
	l.step = step
	l.leave()
	close(l.crashed)
	return errDead
}

// Do is the program's HTTP client.
func (l *life) Do(req *http.Request) (*http.Response, error) {
	method := req.URL.Path[strings.LastIndex(req.URL.Path, "/")+1:]
	if l.pass("before "+method) != nil {
		<-req.Context().Done()
		return nil, errDead
	}
	resp, err := l.inner.Do(req)
	if l.pass("after "+method) != nil {
		<-req.Context().Done()
		return nil, errDead
	}
	return resp, err
}

// dialogue is what residents do in the crash tests, and what they should see.
type dialogue struct {
	w                                     *world
	ana, bo, group, forum                 *bottest.Chat
	wantAna, wantBo, wantGroup, wantForum []string
}

// handle answers: long texts in parts, several messages, live text in groups,
// presses with a toast, another text in place of the old one and a message.
func (d *dialogue) handle(_ context.Context, e bot.Event, show func(bot.Message)) (bot.Reply, error) {
	switch {
	case e.Kind == bot.EventPress && e.Data == "next":
		m := bot.Text("第二页")
		m.Replace = e.Message
		return bot.Reply{Messages: []bot.Message{m, bot.Text("还有一句")}, Toast: "翻页"}, nil
	case e.Kind == bot.EventPress && e.Data == "mark":
		m := bot.Message{Replace: e.Message, Buttons: [][]bot.Button{{{Text: "✓", Data: "mark"}}}}
		return bot.Reply{Messages: []bot.Message{m}, Toast: "谢谢"}, nil
	case e.Text == "按钮":
		return bot.Reply{Messages: []bot.Message{{
			Blocks:  []bot.Block{bot.Paragraph("第一页")},
			Buttons: [][]bot.Button{{{Text: "下一页", Data: "next"}}},
		}}}, nil
	case strings.HasPrefix(e.Text, "长"):
		var m bot.Message
		for i := range 2 {
			m.Blocks = append(m.Blocks, bot.Paragraph(fmt.Sprint(e.Text, i, long(2100))))
		}
		return bot.Reply{Messages: []bot.Message{m, bot.Text(e.Text + "完")}}, nil
	case strings.HasPrefix(e.Text, "多"):
		return bot.Reply{Messages: []bot.Message{bot.Text(e.Text + "一"), bot.Text(e.Text + "二")}}, nil
	case !e.Chat.Private:
		for i := range 5 {
			time.Sleep(time.Second)
			show(bot.Text(strings.Repeat("字", i+1)))
		}
	}
	return echo(e), nil
}

// begin has people write. The message with the button is there before.
func (d *dialogue) begin() {
	w := d.w
	w.handler.handle = d.handle
	d.ana, d.bo = w.Private(resident(1)), w.Private(resident(2))
	d.group = w.Group(bottest.GroupOptions{Title: "平阜县"})
	d.forum = w.Group(bottest.GroupOptions{Title: "江滨新区", Forum: true})
	w.start()
	d.ana.Say(resident(1), "按钮")
	w.settle(time.Minute)
	buttons := d.ana.Messages()[1].ID
	w.end()

	mention := "@" + w.Bot().Username + " "
	d.ana.PressData(resident(1), buttons, "next")
	d.ana.PressData(resident(1), buttons, "mark")
	d.ana.Say(resident(1), "长甲")
	d.ana.Say(resident(1), "乙")
	d.group.Say(resident(3), mention+"丙")
	d.bo.Say(resident(2), "丁")
	d.bo.Say(resident(2), "多戊")
	topic := d.forum.Topic(resident(3), "道路")
	d.forum.SayWith(resident(3), mention+"多己", bottest.SayOptions{Thread: topic})

	d.wantAna = slices.Concat([]string{"第二页", "还有一句"}, parts("长甲"), []string{"答：乙"})
	d.wantBo = slices.Concat([]string{"答：丁"}, []string{"多戊一", "多戊二"})
	d.wantGroup = []string{"答：丙"}
	d.wantForum = []string{"多己一", "多己二"}
}

// parts are what a long answer is cut into.
func parts(text string) []string {
	var out []string
	for i := range 2 {
		out = append(out, fmt.Sprint(text, i, long(2100)))
	}
	return append(out, text+"完")
}

// check compares what people see.
func (d *dialogue) check(where string) {
	d.w.t.Helper()
	for _, c := range []struct {
		name string
		got  []string
		want []string
	}{
		{"ana", said(d.w, d.ana), d.wantAna}, {"bo", said(d.w, d.bo), d.wantBo},
		{"group", said(d.w, d.group), d.wantGroup}, {"forum", said(d.w, d.forum), d.wantForum},
	} {
		if !slices.Equal(c.got, c.want) {
			d.w.t.Errorf("crash %s: %s sees %q, want %q", where, c.name, heads(c.got), heads(c.want))
		}
	}
	if rows := d.ana.Messages()[1].Buttons; len(rows) != 1 || rows[0][0].Text != "✓" {
		d.w.t.Errorf("crash %s: the buttons are %+v", where, rows)
	}
}

// heads shortens texts.
func heads(texts []string) []string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = string([]rune(text)[:min(4, len([]rune(text)))])
	}
	return out
}

// liveThrough runs the dialogue with programs that crash at the given steps one
// after the other, and a last one that does not. It reports how many crashed.
func liveThrough(t *testing.T, opt bottest.Options, steps ...int) (crashes int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{Server: bottest.New(opt), t: t, journal: newMemory(), handler: &handler{}, meter: &counts{}, log: &lockedBuffer{}}
		d := &dialogue{w: w}
		d.begin()
		var where []string
		for _, n := range append(steps, 0) {
			own := w.journal.copy()
			legacy := own
			l := newLife(w.Client(), n, func() { legacy = own.copy() })
			own.before = func(method string) error { return l.pass("before " + method) }
			own.after = func(method string) error { return l.pass("after " + method) }
			w.journal = own
			w.tell = func(o *telegram.Options) { o.Client, o.Grace = l, time.Millisecond }
			w.start()
			if !w.outlive(l) {
				break
			}
			crashes++
			where = append(where, l.step)
			w.end()
			legacy.setTries(0) // they crash more often than an event is begun
			w.journal = legacy
		}
		w.end()
		d.check(strings.Join(where, ", "))
		w.Close()
	})
	return crashes
}

// outlive waits until a program has crashed, or has nothing more to do.
func (w *world) outlive(l *life) (crashed bool) {
	w.t.Helper()
	for end := time.Now().Add(10 * time.Minute); time.Now().Before(end); {
		synctest.Wait()
		select {
		case <-l.crashed:
			return true
		default:
		}
		if w.Pending() == 0 && w.journal.pending() == 0 {
			return false
		}
		time.Sleep(100 * time.Millisecond)
	}
	w.t.Fatalf("%d updates and %d entries left", w.Pending(), w.journal.pending())
	return false
}

// A crash at any step loses nothing and says nothing twice.
func TestCrashAtEveryStep(t *testing.T) {
	n := 1
	for liveThrough(t, bottest.Options{}, n) > 0 {
		n++
	}
	if n < 80 {
		t.Errorf("only %d steps", n)
	}
	t.Logf("%d steps", n)
}

// Neither do crashes that follow one another, with updates that come late and
// twice.
func TestCrashesInARow(t *testing.T) {
	const rounds = 12
	random := rand.New(rand.NewPCG(1, 2))
	for round := range rounds {
		opt := bottest.Options{Seed: uint64(round), Duplicate: 0.3, MaxDelay: 2 * time.Second, Latency: 20 * time.Millisecond}
		steps := make([]int, 6)
		for i := range steps {
			steps[i] = 1 + random.IntN(60)
		}
		liveThrough(t, opt, steps...)
	}
}

// After a start the IDs of messages sent before are known, also of those that are
// done with: an earlier answer must not be taken for the one looked for.
func TestEarlierAnswerIsLeftAlone(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		slow := true
		w.handler.handle = func(ctx context.Context, e bot.Event, show func(bot.Message)) (bot.Reply, error) {
			if slow && e.Text == "二" {
				return sleeper(time.Hour)(ctx, e, show)
			}
			return echo(e), nil
		}
		w.start()
		c := w.Private(resident(1))
		c.Say(resident(1), "一")
		c.Say(resident(1), "二")
		w.wait(time.Second)
		w.end()
		w.wantSaid(c, "答：一")
		slow = false
		w.Fail(bottest.Fault{Method: "sendMessage", CutAfter: true})
		w.start()
		w.settle(time.Minute)
		w.wantSaid(c, "答：一", "答：二")
	})
}

// What the journal holds is taken up even if it is more than may wait.
func TestMoreInJournalThanMayWait(t *testing.T) {
	inWorld(t, bottest.Options{}, func(w *world) {
		w.handler.handle = sleeper(time.Hour)
		w.start()
		c := w.Private(resident(1))
		var want []string
		for i := range 10 {
			c.Say(resident(1), fmt.Sprint(i))
			want = append(want, fmt.Sprint("答：", i))
		}
		w.wait(time.Second)
		w.end()
		w.handler.handle = nil
		w.tell = func(o *telegram.Options) { o.PerChat, o.Queue = 1, 1 }
		w.start()
		w.settle(time.Minute)
		w.wantSaid(c, want...)
	})
}

// The same with a journal on the disk, of which a crash leaves a copy, for some of
// the steps of one question.
func TestCrashWithFile(t *testing.T) {
	for n := 1; n < 16; n += 3 {
		synctest.Test(t, func(t *testing.T) {
			w := &world{Server: bottest.New(bottest.Options{}), t: t, handler: &handler{}, meter: &counts{}, log: &lockedBuffer{}}
			w.handler.handle = (&dialogue{}).handle
			c := w.Private(resident(1))
			c.Say(resident(1), "多甲")
			dir := t.TempDir()
			first, second := filepath.Join(dir, "first.db"), filepath.Join(dir, "second.db")
			l := newLife(w.Client(), n, func() { copyFile(t, second, first) })
			w.startWithFile(first, l)
			<-l.crashed
			w.end()
			w.startWithFile(second, w.Client())
			w.wait(time.Minute)
			w.wantSaid(c, "多甲一", "多甲二")
			w.end()
			w.Close()
		})
	}
}

// startWithFile starts a program with a journal in a file, which is closed at the
// end of the test.
func (w *world) startWithFile(path string, client telegram.Doer) {
	w.t.Helper()
	j, err := journal.Open(path)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { j.Close() })
	w.tell = func(o *telegram.Options) { o.Client, o.Journal, o.Grace = client, j, time.Millisecond }
	w.start()
}

func copyFile(t *testing.T, to, from string) {
	content, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, content, 0o600)
	}
	if err != nil {
		t.Error(err)
	}
}
