// Package meter counts what a bot does, for Prometheus and for /stats.
//
//	wenbao_updates_total{kind}                 updates taken
//	wenbao_answers_total{outcome,mode,fault}   answers given: answered, no_evidence, and
//	                                           nearest for a refusal that quotes what
//	                                           comes nearest
//	wenbao_sentences_removed_total             sentences that the check took out
//	wenbao_answer_seconds{mode}                from question to answer
//	wenbao_delivery_seconds{kind}              from taking an update to the first message sent
//	wenbao_queue                               updates that wait
//	wenbao_refused_total{reason}               events turned away
//	wenbao_panics_total                        panics contained
//	wenbao_telegram_429_total                  sends that were told to wait
//	wenbao_telegram_faults_total{method,class} calls that failed
//	wenbao_collection_articles                 articles that answers come from
//	wenbao_collection_passages                 their passages
//
// beside those of the process and of Go. Labels hold codes and never words of
// users: see bounded.
package meter

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"wenbao/bot"
	"wenbao/rag"
)

// Options say what is measured beside what the methods are told. The zero value
// is ready for use.
type Options struct {
	// Collection, where set, tells how many articles and passages answers come
	// from. It is called at each scrape, from any goroutine.
	Collection func() (articles, passages int)
}

// Meter implements bot.Meter and telegram.Meter. It is safe for concurrent use.
type Meter struct {
	registry *prometheus.Registry

	updates  *prometheus.CounterVec
	answers  *prometheus.CounterVec
	removed  prometheus.Counter
	answer   *prometheus.HistogramVec
	delivery *prometheus.HistogramVec
	queue    prometheus.Gauge
	refused  *prometheus.CounterVec
	panics   prometheus.Counter
	tooMany  prometheus.Counter
	faults   *prometheus.CounterVec

	kinds, faultCodes, reasons, methods, classes *bounded
}

// answerBuckets are seconds: a printed answer takes some hundredths, a model's up
// to minutes.
func answerBuckets() []float64 {
	return []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20, 40, 80, 160}
}

// deliveryBuckets are seconds. They are close together around a quarter of a
// second, which is what a printed answer may take.
func deliveryBuckets() []float64 {
	return []float64{.01, .025, .05, .1, .15, .2, .25, .3, .4, .5, .75, 1, 2.5, 5, 10, 20, 40, 80, 160}
}

// New makes a meter with a registry of its own.
func New(opt Options) *Meter {
	m := &Meter{
		registry: prometheus.NewRegistry(),
		updates:  counters("updates_total", "Updates taken.", "kind"),
		answers:  counters("answers_total", "Answers given, refusals included.", "outcome", "mode", "fault"),
		removed:  counter("sentences_removed_total", "Sentences of models that failed the check."),
		answer:   histograms("answer_seconds", "Time from question to answer.", answerBuckets(), "mode"),
		delivery: histograms("delivery_seconds", "Time from taking an update to the first message sent.", deliveryBuckets(), "kind"),
		queue:    prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Name: "queue", Help: "Updates that wait."}),
		refused:  counters("refused_total", "Events turned away.", "reason"),
		panics:   counter("panics_total", "Panics contained."),
		tooMany:  counter("telegram_429_total", "Sends that were told to wait."),
		faults:   counters("telegram_faults_total", "Calls of the Bot API that failed.", "method", "class"),

		kinds: newBounded(), faultCodes: newBounded(), reasons: newBounded(), methods: newBounded(), classes: newBounded(),
	}
	m.registry.MustRegister(
		m.updates, m.answers, m.removed, m.answer, m.delivery, m.queue, m.refused, m.panics, m.tooMany, m.faults,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	if opt.Collection != nil {
		m.registry.MustRegister(
			gauge("collection_articles", "Articles that answers come from.", func() int { n, _ := opt.Collection(); return n }),
			gauge("collection_passages", "Passages that answers come from.", func() int { _, n := opt.Collection(); return n }),
		)
	}
	return m
}

// namespace begins the names of all metrics.
const namespace = "wenbao"

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help})
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
}

func histograms(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets}, labels)
}

func gauge(name, help string, value func() int) prometheus.GaugeFunc {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help},
		func() float64 { return float64(value()) })
}

// Handler serves the metrics in Prometheus' text format.
func (m *Meter) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// nearest is the outcome of a refusal that quotes what comes nearest.
const nearest = "nearest"

// Answered implements bot.Meter.
func (m *Meter) Answered(a rag.Answer) {
	outcome, mode := string(rag.NoEvidence), rag.Extractive
	switch {
	case a.Outcome == rag.Answered:
		outcome = string(rag.Answered)
	case len(a.Citations) > 0:
		outcome = nearest
	}
	if a.Mode == rag.Generative {
		mode = rag.Generative
	}
	fault := ""
	if a.Fault != "" {
		fault = m.faultCodes.code(a.Fault)
	}
	m.answers.WithLabelValues(outcome, string(mode), fault).Inc()
	m.removed.Add(float64(max(0, a.Removed)))
	m.answer.WithLabelValues(string(mode)).Observe(a.Elapsed.Seconds())
}

// Refused implements bot.Meter.
func (m *Meter) Refused(reason string) { m.refused.WithLabelValues(m.reasons.code(reason)).Inc() }

// Panicked implements bot.Meter and telegram.Meter.
func (m *Meter) Panicked() { m.panics.Inc() }

// Update counts an update taken, by the kind of its event.
func (m *Meter) Update(kind string) { m.updates.WithLabelValues(m.kinds.code(kind)).Inc() }

// Queued says how many updates wait now.
func (m *Meter) Queued(n int) { m.queue.Set(float64(n)) }

// TooMany counts a send that was told to wait.
func (m *Meter) TooMany() { m.tooMany.Inc() }

// Delivered counts the first message sent for an update, and how long after the
// update was taken it went out.
func (m *Meter) Delivered(kind string, took time.Duration) {
	m.delivery.WithLabelValues(m.kinds.code(kind)).Observe(took.Seconds())
}

// Faults counts a call of the Bot API that failed, by its method and a class of
// what went wrong.
func (m *Meter) Faults(method, class string) {
	m.faults.WithLabelValues(m.methods.code(method), m.classes.code(class)).Inc()
}

// Stats implements bot.Meter. P50 and P95 are read off the histogram of delivery
// times of what was written in chats, as Prometheus' histogram_quantile does: the
// true value lies in the same bucket, so that the error is the bucket's width at
// most (a twentieth of a second between .1 and .3).
func (m *Meter) Stats() bot.Stats {
	s := bot.Stats{
		Updates: int64(sum(m.updates)),
		Removed: int64(sum(m.removed)),
		TooMany: int64(sum(m.tooMany)),
		Panics:  int64(sum(m.panics)),
		Queued:  int64(sum(m.queue)),
	}
	for _, line := range read(m.answers) {
		n := int64(line.GetCounter().GetValue())
		if label(line, "outcome") == string(rag.Answered) {
			s.Answered += n
		} else {
			s.NoEvidence += n
		}
		if label(line, "mode") == string(rag.Generative) {
			s.Generative += n
		}
	}
	h := m.delivery.WithLabelValues(m.kinds.code(string(bot.EventText)))
	if c, ok := h.(prometheus.Collector); ok {
		for _, line := range read(c) {
			s.P50, s.P95 = quantile(line.GetHistogram(), .50), quantile(line.GetHistogram(), .95)
		}
	}
	return s
}
