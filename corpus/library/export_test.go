package library

import (
	"context"
	"hash/crc32"
)

// FileSystem and File let a test stand between a writer and the disk.
type (
	FileSystem = fileSystem
	File       = file
)

// Disk is the file system that Begin uses.
var Disk FileSystem = disk{}

// BeginOn is Begin on another file system.
func BeginOn(ctx context.Context, dir string, fsys FileSystem) (*Writer, error) {
	return begin(ctx, dir, fsys)
}

// MaxSegments is the number of segments beyond which Commit merges them.
const MaxSegments = maxSegments

// Recode decodes a manifest and encodes it again.
func Recode(b []byte) ([]byte, error) {
	m, err := decodeManifest(b)
	if err != nil {
		return nil, err
	}
	return m.encode(), nil
}

// Checksum is the checksum of every file of a library.
func Checksum(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

// EncodeRecord and DecodeRecord write and read a record's payload.
func EncodeRecord(r *Record) ([]byte, error) {
	frame, err := encodeFrame(r)
	if err != nil {
		return nil, err
	}
	return frame[frameHead:], nil
}

func DecodeRecord(payload []byte) (*Record, error) { return decodeRecord(payload) }
