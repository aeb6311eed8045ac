package boltfile_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"wenbao/bot/internal/boltfile"
)

// sample makes a file with what a file can have: branches, values over several
// pages, a bucket within its parent's page, free pages. It gives the bytes and
// what is in bucket a.
func sample(t testing.TB) ([]byte, map[string]string) {
	t.Helper()
	path := temp(t)
	f := open(t, path)
	pairs := make(map[string]string)
	for i := range 60 {
		pairs[fmt.Sprintf("key %03d", i)] = strings.Repeat("v", 100+i)
	}
	pairs["long"] = strings.Repeat("long", 1500)
	put(t, f, pairs)
	put(t, f, map[string]string{"key 007": "", "key 050": "new"})
	err := f.Update(t.Context(), func(tx *boltfile.Tx) error { return tx.Put("b", []byte("k"), []byte("v")) })
	if err != nil {
		t.Fatal(err)
	}
	want := content(t, f)
	closeFile(t, f)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b, want
}

func check(b []byte) error {
	return boltfile.Check(bytes.NewReader(b), int64(len(b)), testFormat())
}

// openBytes opens a file of that content.
func openBytes(t testing.TB, b []byte) (*boltfile.File, error) {
	t.Helper()
	path := temp(t)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return boltfile.Open(path, testFormat())
}

// TestEveryFlip changes one bit after the other: it is found, or it does not
// matter. That those do not matter is seen when all of them are changed at once.
func TestEveryFlip(t *testing.T) {
	const step = 23 // bytes, so that the test is short; every bit has its turn
	b, want := sample(t)
	metas := 2 * os.Getpagesize()
	changed := bytes.Clone(b)
	found := 0
	for at := metas; at < len(b); at += step {
		bit := byte(1) << (at / step % 8)
		b[at] ^= bit
		switch err := check(b); {
		case err == nil:
			changed[at] ^= bit
		case errors.Is(err, boltfile.ErrDamaged):
			found++
		default:
			t.Fatalf("byte %d: %v", at, err)
		}
		b[at] ^= bit
	}
	kept := 0
	for k, v := range want {
		kept += len(k) + len(v)
	}
	if found < kept/step {
		t.Errorf("%d changes were found, of %d to what is kept", found, kept/step)
	}
	f, err := openBytes(t, changed)
	if err != nil {
		t.Fatal(err)
	}
	defer closeFile(t, f)
	wantContent(t, f, want)
}

// TestMetaFlip changes the metas: a file with one that is whole is as it was at
// that one's transaction.
func TestMetaFlip(t *testing.T) {
	b, want := sample(t)
	for _, at := range []int{16, 20, 24, 32, 48, 56, 64, 72} { // each of a meta's numbers
		for n := range 2 {
			b[n*os.Getpagesize()+at] ^= 1
			f, err := openBytes(t, b)
			if err != nil {
				t.Fatalf("meta %d, byte %d: %v", n, at, err)
			}
			if got := content(t, f); !maps.Equal(got, want) { // the last transaction changed bucket b
				t.Errorf("meta %d, byte %d: other content", n, at)
			}
			closeFile(t, f)
			b[n*os.Getpagesize()+at] ^= 1
		}
		both := bytes.Clone(b)
		both[at] ^= 1
		both[os.Getpagesize()+at] ^= 1
		if _, err := openBytes(t, both); !errors.Is(err, boltfile.ErrDamaged) {
			t.Errorf("byte %d of both metas: %v", at, err)
		}
	}
}

func TestCut(t *testing.T) {
	b, want := sample(t)
	for n := 0; n < len(b); n += 1000 {
		f, err := openBytes(t, b[:n])
		if err == nil { // what is cut off is behind the last page
			wantContent(t, f, want)
			closeFile(t, f)
		} else if !errors.Is(err, boltfile.ErrDamaged) {
			t.Errorf("cut at %d: %v", n, err)
		}
	}
	if _, err := openBytes(t, b[:len(b)/2]); err == nil {
		t.Error("half a file was opened")
	}
	if _, err := openBytes(t, []byte("云泽日报")); !errors.Is(err, boltfile.ErrDamaged) {
		t.Errorf("another file: %v", err)
	}
}

// TestManyFreePages has more free pages than the count of a page can say. Small
// pages make that possible with a file of 70 MB.
func TestManyFreePages(t *testing.T) {
	const pageSize, pages = 1 << 10, 1<<16 + 10
	path := temp(t)
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{PageSize: pageSize, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range []func(b *bbolt.Bucket) error{
		func(b *bbolt.Bucket) error { return b.Put([]byte("k"), make([]byte, pages*pageSize)) },
		func(b *bbolt.Bucket) error { return b.Delete([]byte("k")) },
	} {
		err := db.Update(func(tx *bbolt.Tx) error {
			b, err := tx.CreateBucketIfNotExists([]byte("a"))
			return errors.Join(err, change(b))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	// All is well but that it is not one of ours.
	err = boltfile.Check(f, pages*pageSize+1<<20, testFormat())
	if err == nil || !strings.Contains(err.Error(), "does not say what it is") {
		t.Error(err)
	}
}

// TestCopiedWhileWritten copies the file without regard to who writes it.
func TestCopiedWhileWritten(t *testing.T) {
	path := temp(t)
	f := open(t, path)
	stop, stopped := make(chan bool), make(chan bool)
	go func() {
		defer close(stopped)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				put(t, f, map[string]string{fmt.Sprint(i % 300): strings.Repeat("v", i%3000+1)})
			}
		}
	}()
	for range 30 {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		c, err := openBytes(t, b)
		if err == nil {
			content(t, c)
			closeFile(t, c)
		} else if !errors.Is(err, boltfile.ErrDamaged) {
			t.Error(err)
		}
	}
	close(stop)
	<-stopped
}

// FuzzCheck opens files with changes to a good one: of four bytes each, three for
// the place and one for the bits. Sums has the metas agree with their checksums
// again. What is let in can be read, written, and written anew without loss.
func FuzzCheck(f *testing.F) {
	good, _ := sample(f)
	f.Add([]byte{}, true)
	f.Add([]byte{0, 0, 32, 3, 0, 16, 32, 3}, true)
	f.Add([]byte{0, 48, 10, 1, 0, 48, 12, 1}, false)
	f.Fuzz(func(t *testing.T, changes []byte, sums bool) {
		b := bytes.Clone(good)
		for c := range slices.Chunk(changes, 4) {
			if len(c) == 4 {
				b[(int(c[0])<<16|int(c[1])<<8|int(c[2]))%len(b)] ^= c[3]
			}
		}
		if sums {
			sumMetas(b)
		}
		file, err := openBytes(t, b)
		if checked := check(b); (checked == nil) != (err == nil) {
			t.Fatalf("checked: %v, and opened: %v", checked, err)
		}
		if err != nil {
			if !errors.Is(err, boltfile.ErrDamaged) && !errors.Is(err, boltfile.ErrNewer) {
				t.Fatal(err)
			}
			return
		}
		defer closeFile(t, file)
		want := content(t, file)
		put(t, file, map[string]string{"one": "more"})
		want["one"] = "more"
		wantContent(t, file, want)
		if err := file.Rewrite(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantContent(t, file, want)
	})
}

// sumMetas writes the checksums that fit the metas.
func sumMetas(b []byte) {
	const header, summed = 16, 56
	for n := range 2 {
		meta := b[n*os.Getpagesize()+header:]
		sum := fnv.New64a()
		sum.Write(meta[:summed])
		binary.NativeEndian.PutUint64(meta[summed:], sum.Sum64())
	}
}
