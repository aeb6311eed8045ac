package bot_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"wenbao/bot"
)

var update = flag.Bool("update", false, "write what the bot says into testdata/talks")

// TestTalks plays the talks of testdata/talks: lines after "> " are what somebody
// does, the rest is what the bot says to it. Those lines are
//
//	> 临江区有什么计划？     something written, a question or a command
//	> [相关问题]             a button, of the last reply that has it
//	> ? 养老                 an inline query
//	> @neighbour             from here on somebody else: see people
//	> +25h                   time goes by
//	> # joined               the bot is put into the group
func TestTalks(t *testing.T) {
	paths, err := filepath.Glob("testdata/talks/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no talks: %v", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, string(want))
			if *update {
				if err := os.WriteFile(path, got, 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if !bytes.Equal(got, want) {
				t.Errorf("the bot says other things (-update writes them down):\n%s", firstDifference(got, want))
			}
		})
	}
}

// play does what the script's lines say and writes down what comes of it.
func play(t *testing.T, script string) []byte {
	k := newTalk(t, nil)
	var out bytes.Buffer
	var replies []bot.Reply
	for line := range strings.Lines(script) {
		did, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "> ")
		if !ok {
			continue
		}
		if out.Len() > 0 {
			out.WriteString("\n")
		}
		out.WriteString("> " + did + "\n")
		reply, ok := k.do(did, replies)
		if !ok {
			continue
		}
		if said := shape(reply); said != "" {
			out.WriteString("\n" + said)
		}
		replies = append(replies, reply)
	}
	return out.Bytes()
}

// do does one thing. It reports whether that was anything to the bot.
func (k *talk) do(did string, replies []bot.Reply) (bot.Reply, bool) {
	k.t.Helper()
	switch {
	case strings.HasPrefix(did, "@"):
		k.become(did)
		return bot.Reply{}, false
	case strings.HasPrefix(did, "+"):
		d, err := time.ParseDuration(did[1:])
		if err != nil {
			k.t.Fatal(err)
		}
		k.now = k.now.Add(d)
		return bot.Reply{}, false
	case did == "# joined":
		return k.handle(k.event(bot.Event{Kind: bot.EventJoined})), true
	case strings.HasPrefix(did, "?"):
		return k.inline(strings.TrimSpace(did[1:]), ""), true
	case strings.HasPrefix(did, "["):
		name := strings.TrimSuffix(did[1:], "]")
		for _, r := range slices.Backward(replies) {
			for _, b := range buttons(r) {
				if b.Text == name || b.Text == "["+name+"]" {
					return k.pressData(b.Data), true
				}
			}
		}
		k.t.Fatalf("no button %s", did)
	}
	return k.say(did), true
}

func (k *talk) become(who string) {
	k.user.Lang = "zh-hans"
	switch who {
	case "@resident":
		k.as(resident)
	case "@neighbour":
		k.as(neighbour)
	case "@foreigner":
		k.as(neighbour).user.Lang = "en"
	case "@admin":
		k.as(admin)
	case "@group":
		k.in(group)
	default:
		k.t.Fatalf("who is %s?", who)
	}
}

// firstDifference shows the first lines that differ.
func firstDifference(got, want []byte) string {
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return "got:  " + g[i] + "\nwant: " + w[i]
		}
	}
	return "one ends before the other"
}
