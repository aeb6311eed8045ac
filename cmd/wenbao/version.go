package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/pflag"
)

type versionCommand struct{}

func (c *versionCommand) flags(a *app, fs *pflag.FlagSet) { a.global.jsonOutput(a, fs) }

type versionJSON struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"`
	Modified bool   `json:"modified,omitempty"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func (c *versionCommand) run(_ context.Context, a *app, args []string) error {
	if len(args) > 0 {
		return usagef(a.m.TooManyArgs, args[0])
	}
	v := buildVersion()
	if a.global.json {
		return writeJSON(a.Stdout, v)
	}
	line := "wenbao " + v.Version
	if v.Revision != "" {
		line += " " + v.Revision
	}
	if v.Modified {
		line += "+"
	}
	return a.print(fmt.Sprintf("%s (%s %s)\n", line, v.Go, v.Platform))
}

// buildVersion reads what the Go tool has put into the binary.
func buildVersion() versionJSON {
	v := versionJSON{Version: "(devel)", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if info.Main.Version != "" {
		v.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Revision = s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
	return v
}
