package telegram

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"

	tg "github.com/go-telegram/bot"

	"wenbao/bot"
)

// Open implements bot.Files. The content is read from Telegram while it is read
// here, and ctx has to last that long. Telegram gives bots files of up to 20 MB.
func (t *Transport) Open(ctx context.Context, f bot.File, limit int64) (io.ReadCloser, error) {
	if f.Size > limit {
		return nil, bot.ErrTooLarge
	}
	path, err := t.api.filePath(ctx, f.ID)
	if err != nil {
		if asFault(err).refusal == refusedTooBig {
			return nil, bot.ErrTooLarge
		}
		return nil, fmt.Errorf("find file: %w", err)
	}
	body, size, err := t.api.wire.download(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("fetch file: %w", err)
	}
	if size > limit {
		_ = body.Close() // nothing was read
		return nil, bot.ErrTooLarge
	}
	return &bounded{body: body, left: limit}, nil
}

// filePath asks where a file is. The library's FileDownloadLink is not used: it
// gives the address with the token in it.
func (a *api) filePath(ctx context.Context, id string) (string, error) {
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	f, err := a.lib.GetFile(limited, &tg.GetFileParams{FileID: id})
	if err != nil {
		return "", a.done(ctx, "getFile", err)
	}
	return f.FilePath, nil
}

// download gives the content of a file, and its size, -1 where it is not known.
func (w wire) download(ctx context.Context, path string) (io.ReadCloser, int64, error) {
	address := w.url + "/file/bot" + w.token + "/" + (&url.URL{Path: path}).EscapedPath()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, 0, errAddress
	}
	resp, err := w.Do(req)
	if err != nil {
		return nil, 0, err
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close() // the status says it all
		return nil, 0, ofStatus(resp.StatusCode, "", 0, 0)
	}
	return resp.Body, resp.ContentLength, nil
}

// bounded is content that gives bot.ErrTooLarge where there is more than left.
type bounded struct {
	body io.ReadCloser
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, bot.ErrTooLarge
	}
	// One byte more than is left shows that there is more.
	n, err := b.body.Read(p[:min(int64(len(p)), b.left+1)])
	if b.left -= int64(n); b.left < 0 {
		return n - 1, bot.ErrTooLarge
	}
	return n, err
}

func (b *bounded) Close() error { return b.body.Close() }
