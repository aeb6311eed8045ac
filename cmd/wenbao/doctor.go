package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"wenbao/corpus/library"
	"wenbao/rag/index"
	"wenbao/rag/llm"
)

type doctorCommand struct{}

func (c *doctorCommand) flags(a *app, fs *pflag.FlagSet) {
	a.global.jsonOutput(a, fs)
	a.global.library(a, fs)
	a.global.models(a, fs)
}

type doctorJSON struct {
	OK bool `json:"ok"`
	// Dials says whether anything is configured that opens connections.
	Dials    bool          `json:"dials"`
	Findings []findingJSON `json:"findings"`
}

// findingJSON is what was found out about one aspect of one part: the library,
// the index, or one of the parts and aspects of package llm.
type findingJSON struct {
	Part   string `json:"part"`
	Aspect string `json:"aspect"`
	OK     bool   `json:"ok"`
	Fault  string `json:"fault"`
	// Message says it in the user's language, with what to do about a fault.
	Message string       `json:"message"`
	Name    string       `json:"name,omitempty"`
	URL     string       `json:"url,omitempty"`
	Models  []string     `json:"models,omitempty"`
	Tokens  int          `json:"tokens,omitempty"`
	Dim     int          `json:"dim,omitempty"`
	Took    milliseconds `json:"took_ms"`
}

// Parts and the aspect of findings that are not of package llm.
const (
	partLibrary = "library"
	partIndex   = "index"
	aspectState = "state"
)

// faultDamaged is the fault of a library or an index that cannot be used as it is.
const faultDamaged = "damaged"

func (c *doctorCommand) run(ctx context.Context, a *app, args []string) error {
	if len(args) > 0 {
		return usagef(a.m.TooManyArgs, args[0])
	}
	parts, err := a.models()
	if err != nil {
		return err
	}
	found := llm.Check(ctx, parts.Parts) // first: an index needs to know the embedder's vectors
	if ctx.Err() != nil {
		return ctx.Err()
	}
	telegram, err := a.checkBot(ctx)
	if err != nil {
		return err
	}
	out := doctorJSON{
		OK: true, Dials: parts.Parts != (llm.Parts{}) || len(telegram) > 0,
		Findings: c.library(ctx, a, parts.Embedder),
	}
	for _, f := range found {
		out.Findings = append(out.Findings, newFindingJSON(a.m, f))
	}
	out.Findings = append(out.Findings, telegram...)
	for _, f := range out.Findings {
		out.OK = out.OK && f.OK
	}
	if a.global.json {
		err = writeJSON(a.Stdout, out)
	} else {
		err = a.print(a.m.diagnosis(out))
	}
	if err == nil && !out.OK {
		return errTold
	}
	return err
}

// library looks at the library and its index. That there is none yet is no fault.
func (c *doctorCommand) library(ctx context.Context, a *app, external *llm.Embedder) []findingJSON {
	f := findingJSON{Part: partLibrary, Aspect: aspectState, OK: true}
	dir, err := a.dataDir()
	if err == nil {
		f.Name = dir
		var lib *library.Library
		if lib, err = library.Open(dir); err == nil {
			defer lib.Close() //nolint:errcheck // it was only read
			articles, passages := lib.Len()
			f.Message = fmt.Sprintf(a.m.DoctorLibrary, articles, passages, dir)
			if bad := lib.Damage(); len(bad) > 0 {
				f.OK, f.Fault, f.Message = false, faultDamaged, fmt.Sprintf(a.m.DamagedFile, bad[0].Path)
			}
			if external != nil && external.Dim() == 0 {
				return []findingJSON{f} // of an index with its vectors nothing can be said
			}
			return []findingJSON{f, c.index(ctx, a, lib, dir)}
		}
	}
	f.Message = a.m.reason(err)
	if !errors.Is(err, library.ErrNoLibrary) {
		f.OK, f.Fault = false, faultDamaged
	}
	return []findingJSON{f}
}

// index looks whether the index is of the library. One that is not is made anew
// by the next question, which is no fault.
func (c *doctorCommand) index(ctx context.Context, a *app, lib *library.Library, dir string) findingJSON {
	f := findingJSON{Part: partIndex, Aspect: aspectState, OK: true, Message: a.m.DoctorIndexCurrent}
	opt, err := a.indexOptions(ctx)
	if err == nil {
		_, err = index.Open(dir, lib, opt)
	}
	switch {
	case err == nil:
	case errors.Is(err, index.ErrStale):
		f.Message = a.m.DoctorIndexStale
	case errors.Is(err, index.ErrDamaged):
		f.OK, f.Fault, f.Message = false, faultDamaged, a.m.DoctorIndexDamaged
	default:
		f.OK, f.Fault, f.Message = false, string(llm.FaultOther), a.m.reason(err)
	}
	return f
}

func newFindingJSON(m messages, f llm.Finding) findingJSON {
	return findingJSON{
		Part: f.Part, Aspect: string(f.Aspect), OK: f.OK, Fault: string(f.Fault), Message: m.finding(f),
		Name: f.Name, URL: f.URL, Models: f.Models, Tokens: f.Tokens, Dim: f.Dim, Took: toMilliseconds(f.Took),
	}
}

// diagnosis writes a line a finding, under a line for each server.
func (m *messages) diagnosis(d doctorJSON) string {
	var b strings.Builder
	server := ""
	for _, f := range d.Findings {
		if f.URL != "" && f.Part != server {
			server = f.Part
			fmt.Fprintf(&b, m.DoctorServer+"\n", strings.TrimSpace(m.part(f.Part)+" "+f.Name), f.URL)
		}
		mark := m.DoctorGood
		if !f.OK {
			mark = m.DoctorBad
		}
		what := m.part(f.Part)
		if f.URL != "" {
			what = sourceIndent + m.aspect(llm.Aspect(f.Aspect))
		}
		fmt.Fprintf(&b, m.DoctorLine+"\n", what, mark, f.Message)
	}
	if !d.Dials {
		b.WriteString(m.DoctorNothing + "\n")
	}
	return b.String()
}

// finding says what was found out: a measure, or what is wrong and what helps.
func (m *messages) finding(f llm.Finding) string {
	took := f.Took.Round(time.Millisecond).String()
	switch {
	case !f.OK && f.Fault == llm.FaultNoModel && f.Kind == llm.KindOllama:
		return m.lacking(fmt.Sprintf(m.PullModel, f.Name), f.Models)
	case !f.OK && f.Fault == llm.FaultNoModel:
		return m.lacking(m.FaultNoModel, f.Models)
	case !f.OK && f.Fault == llm.FaultUnreachable && f.Kind == llm.KindOllama:
		return m.StartOllama
	case !f.OK:
		return m.fault(f.Fault)
	}
	switch f.Aspect {
	case llm.AspectPresent:
		return f.Name
	case llm.AspectContext:
		if f.Tokens == 0 {
			return fmt.Sprintf(m.ContextUnknown, llm.DefaultContextTokens)
		}
		return fmt.Sprintf(m.ContextTokens, f.Tokens)
	case llm.AspectDimensions:
		return fmt.Sprintf(m.Dimensions, f.Dim)
	}
	return took
}

// lacking adds the models that a server has to a message that it lacks one.
func (m *messages) lacking(message string, models []string) string {
	if len(models) == 0 {
		return message
	}
	return message + fmt.Sprintf(m.ServerHas, m.names(models))
}

func (m *messages) part(name string) string {
	switch name {
	case partLibrary:
		return m.PartLibrary
	case partIndex:
		return m.PartIndex
	case partBot:
		return m.PartBot
	case llm.PartModel:
		return m.PartModel
	case llm.PartEmbedder:
		return m.PartEmbedder
	}
	return m.PartReranker
}

func (m *messages) aspect(a llm.Aspect) string {
	switch a {
	case llm.AspectReachable:
		return m.AspectReachable
	case llm.AspectPresent:
		return m.AspectPresent
	case llm.AspectContext:
		return m.AspectContext
	case llm.AspectFirstToken:
		return m.AspectFirstToken
	case llm.AspectDimensions:
		return m.AspectDimensions
	}
	return m.AspectScores
}

// fault says what is wrong with a server, and what helps.
func (m *messages) fault(f llm.Fault) string {
	switch f {
	case llm.FaultUnauthorized:
		return m.FaultUnauthorized
	case llm.FaultNoModel:
		return m.FaultNoModel
	case llm.FaultNotFound:
		return m.FaultNotFound
	case llm.FaultRequest:
		return m.FaultRequest
	case llm.FaultServer, llm.FaultStream:
		return m.FaultServer
	case llm.FaultBusy, llm.FaultDown:
		return m.FaultBusy
	case llm.FaultContext:
		return m.FaultContext
	case llm.FaultTimeout:
		return m.FaultTimeout
	case llm.FaultUnreachable:
		return m.FaultUnreachable
	case llm.FaultCut:
		return m.FaultCut
	case llm.FaultMalformed:
		return m.FaultMalformed
	case llm.FaultEmpty:
		return m.FaultEmpty
	case llm.FaultTooLong, llm.FaultRepeats:
		return m.FaultTooLong
	case llm.FaultDim:
		return m.FaultDim
	}
	return m.FaultOther
}
