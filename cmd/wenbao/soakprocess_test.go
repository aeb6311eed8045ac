//go:build soak && linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// process is one run of the bot.
type process struct {
	cmd  *exec.Cmd
	end  chan struct{}
	log  *strings.Builder
	size []int // resident bytes, one a second
	over chan struct{}
}

// watch looks at the size of the process until it ends.
func (p *process) watch() {
	defer close(p.over)
	for {
		select {
		case <-p.end:
			return
		case <-time.After(time.Second):
		}
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.cmd.Process.Pid))
		var all, resident int
		if err == nil {
			if _, err := fmt.Sscan(string(b), &all, &resident); err == nil {
				p.size = append(p.size, resident*os.Getpagesize())
			}
		}
	}
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait() // it was killed
	close(p.end)
	<-p.over
}

// stop ends the bot as a system does, and wants it to end well.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("the bot ends with %v: %s", err, p.log)
	}
	close(p.end)
	<-p.over
	if strings.Contains(p.log.String(), "panic") {
		t.Errorf("log: %s", p.log)
	}
}

// flat wants the process not to have grown.
func (p *process) flat(t *testing.T) {
	t.Helper()
	n := len(p.size)
	if n < 20 {
		t.Logf("too short to say anything of memory")
		return
	}
	early, late := median(p.size[n/5:2*n/5]), median(p.size[4*n/5:])
	t.Logf("resident %d MiB early, %d MiB late", early>>20, late>>20)
	if late > early+mostGrowth {
		t.Errorf("the process grew from %d to %d MiB", early>>20, late>>20)
	}
}

func median(values []int) int {
	values = slices.Clone(values)
	slices.Sort(values)
	return values[len(values)/2]
}
