package telegram_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"wenbao/bot"
	"wenbao/bot/bottest"
)

func TestFiles(t *testing.T) {
	tests := map[string]struct {
		file  bottest.File
		limit int64
		want  string
		err   error
	}{
		"whole":                    {bottest.File{Name: "页.txt", Content: []byte("临江区")}, 100, "临江区", nil},
		"just so":                  {bottest.File{Name: "页.txt", Content: []byte("12345")}, 5, "12345", nil},
		"empty":                    {bottest.File{Name: "页.txt"}, 5, "", nil},
		"too large as it says":     {bottest.File{Name: "页.txt", Content: []byte("123456")}, 5, "", bot.ErrTooLarge},
		"too large for bots":       {bottest.File{Name: "页.txt", Size: 30 << 20}, 1 << 30, "", bot.ErrTooLarge},
		"larger than it said":      {bottest.File{Name: "页.txt", Content: []byte("123456"), Size: 3}, 5, "", bot.ErrTooLarge},
		"one byte more than limit": {bottest.File{Name: "页.txt", Content: []byte("123456"), Size: 5}, 5, "", bot.ErrTooLarge},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			inWorld(t, bottest.Options{}, func(w *world) {
				w.start()
				w.Private(resident(1)).SendFile(resident(1), tt.file)
				w.settle(time.Minute)
				f := *w.handler.handled()[0].File
				body, err := w.transport.Open(context.Background(), f, tt.limit)
				var got []byte
				if err == nil {
					got, err = io.ReadAll(body)
					if int64(len(got)) > tt.limit {
						t.Errorf("%d bytes were read, limit %d", len(got), tt.limit)
					}
					body.Close()
				}
				if !errors.Is(err, tt.err) || err == nil && string(got) != tt.want {
					t.Errorf("got %q, %v; want %q, %v", got, err, tt.want, tt.err)
				}
			})
		})
	}
	t.Run("unknown", func(t *testing.T) {
		inWorld(t, bottest.Options{}, func(w *world) {
			w.start()
			if _, err := w.transport.Open(context.Background(), bot.File{ID: "nothing"}, 5); err == nil {
				t.Error("a file that is not there was opened")
			}
		})
	})
}
