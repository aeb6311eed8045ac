package meter_test

import (
	"fmt"
	"io"
	"math"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wenbao/bot"
	"wenbao/bot/meter"
	"wenbao/rag"
)

var _ bot.Meter = (*meter.Meter)(nil)

// scrape gives the lines of our own metrics, without comments.
func scrape(t *testing.T, m *meter.Meter) []string {
	t.Helper()
	answer := httptest.NewRecorder()
	m.Handler().ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	b, err := io.ReadAll(answer.Result().Body)
	if err != nil || answer.Code != 200 {
		t.Fatalf("status %d, %v", answer.Code, err)
	}
	var lines []string
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "wenbao_") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

func use(m *meter.Meter) {
	m.Update("text")
	m.Update("text")
	m.Update("press")
	m.Queued(7)
	m.Queued(3)
	m.TooMany()
	m.Panicked()
	m.Refused("rate")
	m.Faults("sendMessage", "network")
	m.Answered(rag.Answer{Outcome: rag.Answered, Mode: rag.Generative, Removed: 2, Elapsed: 3 * time.Second})
	m.Answered(rag.Answer{Outcome: rag.Answered, Mode: rag.Extractive, Fault: "timeout", Elapsed: 20 * time.Millisecond})
	m.Answered(rag.Answer{Outcome: rag.NoEvidence, Mode: rag.Extractive, Elapsed: 20 * time.Millisecond})
	m.Answered(rag.Answer{Outcome: rag.NoEvidence, Mode: rag.Extractive, Citations: make([]rag.Citation, 1), Elapsed: 20 * time.Millisecond})
	m.Delivered("text", 30*time.Millisecond)
}

func TestScrape(t *testing.T) {
	m := meter.New(meter.Options{Collection: func() (int, int) { return 18, 77 }})
	use(m)
	lines := scrape(t, m)
	got := map[string]bool{}
	for _, line := range lines {
		got[line] = true
	}
	for _, want := range []string{
		`wenbao_updates_total{kind="text"} 2`,
		`wenbao_updates_total{kind="press"} 1`,
		`wenbao_queue 3`,
		`wenbao_telegram_429_total 1`,
		`wenbao_panics_total 1`,
		`wenbao_refused_total{reason="rate"} 1`,
		`wenbao_telegram_faults_total{class="network",method="sendMessage"} 1`,
		`wenbao_sentences_removed_total 2`,
		`wenbao_answers_total{fault="",mode="generative",outcome="answered"} 1`,
		`wenbao_answers_total{fault="timeout",mode="extractive",outcome="answered"} 1`,
		`wenbao_answers_total{fault="",mode="extractive",outcome="no_evidence"} 1`,
		`wenbao_answers_total{fault="",mode="extractive",outcome="nearest"} 1`,
		`wenbao_answer_seconds_count{mode="extractive"} 3`,
		`wenbao_delivery_seconds_bucket{kind="text",le="0.05"} 1`,
		`wenbao_delivery_seconds_bucket{kind="text",le="0.025"} 0`,
		`wenbao_collection_articles 18`,
		`wenbao_collection_passages 77`,
	} {
		if !got[want] {
			t.Errorf("no %s in\n%s", want, strings.Join(lines, "\n"))
		}
	}
}

func TestStats(t *testing.T) {
	m := meter.New(meter.Options{})
	if diff := cmp.Diff(bot.Stats{}, m.Stats()); diff != "" {
		t.Errorf("at the start (-want +got):\n%s", diff)
	}
	use(m)
	want := bot.Stats{
		Updates: 3, Answered: 2, NoEvidence: 2, Generative: 1, Removed: 2, TooMany: 1, Panics: 1, Queued: 3,
		// One observation, in the bucket from .025 to .05: its middle, and 95 %.
		P50: .0375, P95: .04875,
	}
	got := m.Stats()
	got.P50, got.P95 = math.Round(got.P50*1e6)/1e6, math.Round(got.P95*1e6)/1e6
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestQuantiles wants percentiles within the bucket of the true ones.
func TestQuantiles(t *testing.T) {
	for name, test := range map[string]struct {
		took            func(i int) time.Duration // i from 1 to 100
		p50Low, p50High float64
		p95Low, p95High float64
	}{
		"evenly up to a second": {func(i int) time.Duration { return time.Duration(i) * 10 * time.Millisecond }, .4, .5, .75, 1},
		"all the same":          {func(int) time.Duration { return 120 * time.Millisecond }, .1, .15, .1, .15},
		"a few slow": {func(i int) time.Duration {
			return map[bool]time.Duration{true: 20 * time.Millisecond, false: 30 * time.Second}[i <= 90]
		}, .01, .025, 20, 40},
		"beyond all bounds": {func(int) time.Duration { return time.Hour }, 160, 160, 160, 160},
	} {
		m := meter.New(meter.Options{})
		for i := range 100 {
			m.Delivered(string(bot.EventText), test.took(i+1))
			m.Delivered(string(bot.EventPress), time.Hour) // presses do not count
		}
		s := m.Stats()
		if s.P50 < test.p50Low || s.P50 > test.p50High || s.P95 < test.p95Low || s.P95 > test.p95High {
			t.Errorf("%s: p50 %g, p95 %g", name, s.P50, s.P95)
		}
	}
}

// TestLabels wants no words of users in the metrics and no end of series in them,
// whatever is passed.
func TestLabels(t *testing.T) {
	m := meter.New(meter.Options{})
	words := "临江区 养老"
	m.Update(words)
	m.Refused(words)
	m.Faults(words, words)
	m.Delivered(words, time.Second)
	m.Answered(rag.Answer{Outcome: rag.Outcome(words), Mode: rag.Mode(words), Fault: words})
	for i := range 1000 {
		m.Update(fmt.Sprint("kind", i))
		m.Refused(strings.Repeat("x", 33+i))
	}
	lines := scrape(t, m)
	if text := strings.Join(lines, "\n"); strings.Contains(text, "临江") {
		t.Errorf("words of a user: %s", text)
	}
	if len(lines) > 300 {
		t.Errorf("%d lines", len(lines))
	}
	if s := m.Stats(); s.Updates != 1001 || s.NoEvidence != 1 {
		t.Errorf("not all are counted: %+v", s)
	}
}

func TestConcurrent(t *testing.T) {
	m := meter.New(meter.Options{})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				use(m)
				m.Stats()
			}
		})
	}
	all.Wait()
	if s := m.Stats(); s.Updates != 8*50*3 || s.Removed != 8*50*2 {
		t.Errorf("%+v", s)
	}
}
