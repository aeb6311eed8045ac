package main

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing/synctest"
	"time"

	"wenbao/bot/bottest"
	"wenbao/rag/llm/llmtest"
)

// kill ends the bot as kill -9 does: what it does from here on reaches neither a
// server nor its files.
func (d *dialogue) kill() {
	synctest.Wait()
	d.print()
	files := os.DirFS(filepath.Join(d.dir, botDir))
	kept := filepath.Join(d.t.TempDir(), "kept")
	if err := os.CopyFS(kept, files); err != nil {
		d.t.Fatal(err)
	}
	d.cut()
	_, stderr := d.stop()
	d.stop = nil
	d.checkLog(stderr)
	for _, name := range []string{"journal.db", "sessions.db"} {
		if err := os.Rename(filepath.Join(kept, name), filepath.Join(d.dir, botDir, name)); err != nil {
			d.t.Fatal(err)
		}
	}
}

// severable is a network for as long as a context lasts. After that nothing goes
// out, and nothing comes back.
type severable struct {
	http.RoundTripper
	connected context.Context
}

func (s severable) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.connected.Err() == nil {
		res, err := s.RoundTripper.RoundTrip(r)
		if s.connected.Err() == nil {
			return res, err
		}
		if err == nil {
			_ = res.Body.Close() // nobody reads it
		}
	}
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// ingest puts a file of the archive into the library, beside the bot.
func (d *dialogue) ingest(name string) {
	e, _, stderr := newEnv(d.t)
	file := filepath.Join(d.t.TempDir(), name)
	if err := os.WriteFile(file, d.files[name], 0o600); err != nil {
		d.t.Fatal(err)
	}
	if code := run(d.t.Context(), []string{"ingest", "--data", d.dir, file}, e); code != exitOK {
		d.t.Fatalf("ingest: exit code %d: %s", code, stderr)
	}
}

// remake makes the server anew: "[duplicate PROBABILITY] [delay DURATION]".
func (d *dialogue) remake(args []string) {
	if d.stop != nil || len(d.people) > 0 {
		d.t.Fatal("the server is there already")
	}
	opt := bottest.Options{Seed: 1}
	for pair := range slices.Chunk(args, 2) {
		var err error
		switch pair[0] {
		case "duplicate":
			opt.Duplicate, err = strconv.ParseFloat(pair[1], 64)
		case "delay":
			opt.MaxDelay, err = time.ParseDuration(pair[1])
		default:
			d.t.Fatalf("unknown option %q", pair[0])
		}
		if err != nil {
			d.t.Fatal(err)
		}
	}
	d.server.Close()
	d.server = bottest.New(opt)
}

// fault has the model do something for so many requests, in place of writing.
func (d *dialogue) fault(what string, times int) {
	long := llmtest.Say("临江区2025年计划新增养老床位500张")
	reply, ok := map[string]llmtest.Reply{
		"fails":    llmtest.Fail(http.StatusInternalServerError, ""),
		"hangs":    llmtest.Stream(llmtest.Hang()),
		"breaks":   llmtest.Stream(long, llmtest.Cut()),
		"invents":  llmtest.Answer("临江区2025年计划新增养老床位9700张。[1]"),
		"falls":    llmtest.Stream(long, llmtest.Hang()),
		"declines": llmtest.Answer("资料里没有找到答案。"),
	}[what]
	if !ok {
		d.t.Fatalf("a model does not do %q", what)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.instead, d.faulty = reply, times
}

// answer is what the model writes, a piece every second: a sentence that is
// printed, which is known to be whole when the next one begins, and one that is not.
func (d *dialogue) answer(r llmtest.Request) llmtest.Reply {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.faulty > 0 {
		d.faulty--
		return d.instead
	}
	last := r.Messages[len(r.Messages)-1].Content
	place, quote := "临江区", bedsQuote
	if strings.Contains(last, "问题：江滨新区") {
		place, quote = "江滨新区", "新增养老床位400张"
	}
	m := markerOf(r, quote)
	reply := llmtest.Answer(place+"2025年计划", quote+"。"+m, place+"2025年还要", "新建学校97所。"+m)
	_, question, _ := strings.Cut(last, "\n追问：")
	if question, ok := strings.CutSuffix(question, "\n改写："); ok {
		reply = llmtest.Answer(question) // the rules make it whole
	}
	for i := range reply.Steps {
		reply.Steps[i].Wait = time.Second
	}
	return reply
}

// direct is "wait DURATION", "fail METHOD WHAT [TIMES]", "heal", "topic GROUP NAME",
// "lang NAME LANG", "kill", "ingest NAME", "server OPTIONS" or "model WHAT [TIMES]".
func (d *dialogue) direct(args []string) {
	switch args[0] {
	case "wait":
		wait, err := time.ParseDuration(args[1])
		if err != nil {
			d.t.Fatal(err)
		}
		time.Sleep(wait)
	case "heal":
		d.server.Heal()
	case "kill":
		d.kill()
	case "ingest":
		d.ingest(args[1])
	case "server":
		d.remake(args[1:])
	case "model":
		d.fault(args[1], d.times(args[2:]))
	case "fail":
		d.failing(args[1:])
	case "topic":
		d.topics[args[2]] = d.chat("", args[1]).Topic(d.person("群主"), args[2])
	case "lang":
		u := d.person(args[1])
		u.Lang = args[2]
		d.people[args[1]] = u
	default:
		d.t.Fatalf("unknown direction %q", args)
	}
}

// failing makes the server fail: "METHOD WHAT [TIMES]".
func (d *dialogue) failing(args []string) {
	f := bottest.Fault{Method: args[0], Times: d.times(args[2:])}
	switch args[1] {
	case "cut-before":
		f.CutBefore = true
	case "cut-after":
		f.CutAfter = true
	case "html":
		f.HTML = true
	default:
		f.Code = d.number(args[1])
		f.RetryAfter = 7
	}
	d.server.Fail(f)
}

// times is how often something happens: once where nothing is said.
func (d *dialogue) times(args []string) int {
	if len(args) == 0 {
		return 1
	}
	return d.number(args[0])
}

func (d *dialogue) number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}
