//go:build goexperiment.simd && amd64

package train

import "simd/archsimd"

// dot is the sum of a[i]*b[i], of eight sums that are added up in pairs: the same
// value as that of the plain kernel. The lengths are equal and a multiple of 8.
func dot(a, b []float32) float32 {
	var sum archsimd.Float32x8
	for len(a) >= lanes && len(b) >= lanes {
		sum = sum.Add(archsimd.LoadFloat32x8Slice(a).Mul(archsimd.LoadFloat32x8Slice(b)))
		a, b = a[lanes:], b[lanes:]
	}
	half := sum.GetLo().Add(sum.GetHi())
	half = half.AddPairs(half)
	out := half.AddPairs(half).GetElem(0)
	archsimd.ClearAVXUpperBits()
	return out
}

// dot4 is dot of a with four rows that lie dim apart in b, all at once.
func dot4(a, b []float32, out *[4]float32) {
	var s0, s1, s2, s3 archsimd.Float32x8
	dim := len(a)
	b0, b1, b2, b3 := b[:dim], b[dim:2*dim], b[2*dim:3*dim], b[3*dim:4*dim]
	for len(a) >= lanes && len(b0) >= lanes && len(b1) >= lanes && len(b2) >= lanes && len(b3) >= lanes {
		x := archsimd.LoadFloat32x8Slice(a)
		s0 = s0.Add(x.Mul(archsimd.LoadFloat32x8Slice(b0)))
		s1 = s1.Add(x.Mul(archsimd.LoadFloat32x8Slice(b1)))
		s2 = s2.Add(x.Mul(archsimd.LoadFloat32x8Slice(b2)))
		s3 = s3.Add(x.Mul(archsimd.LoadFloat32x8Slice(b3)))
		a, b0, b1, b2, b3 = a[lanes:], b0[lanes:], b1[lanes:], b2[lanes:], b3[lanes:]
	}
	p := s0.GetLo().Add(s0.GetHi()).AddPairs(s1.GetLo().Add(s1.GetHi()))
	q := s2.GetLo().Add(s2.GetHi()).AddPairs(s3.GetLo().Add(s3.GetHi()))
	p.AddPairs(q).Store(out)
	archsimd.ClearAVXUpperBits()
}

// addScaled adds scale*src to dst.
func addScaled(dst, src []float32, scale float32) {
	k := archsimd.BroadcastFloat32x8(scale)
	for len(dst) >= lanes && len(src) >= lanes {
		archsimd.LoadFloat32x8Slice(dst).Add(archsimd.LoadFloat32x8Slice(src).Mul(k)).StoreSlice(dst)
		dst, src = dst[lanes:], src[lanes:]
	}
	archsimd.ClearAVXUpperBits()
}

// adam moves the values of a row against their gradient: see rate.
func adam(x, g, m, v []float32, r rate) {
	keepM, newM := archsimd.BroadcastFloat32x8(decayMean), archsimd.BroadcastFloat32x8(1-decayMean)
	keepV, newV := archsimd.BroadcastFloat32x8(decaySquare), archsimd.BroadcastFloat32x8(1-decaySquare)
	step, root, tiny := archsimd.BroadcastFloat32x8(r.step), archsimd.BroadcastFloat32x8(r.root), archsimd.BroadcastFloat32x8(epsilon)
	for len(x) >= lanes && len(g) >= lanes && len(m) >= lanes && len(v) >= lanes {
		grad := archsimd.LoadFloat32x8Slice(g)
		mean := keepM.Mul(archsimd.LoadFloat32x8Slice(m)).Add(newM.Mul(grad))
		square := keepV.Mul(archsimd.LoadFloat32x8Slice(v)).Add(newV.Mul(grad.Mul(grad)))
		mean.StoreSlice(m)
		square.StoreSlice(v)
		archsimd.LoadFloat32x8Slice(x).Sub(step.Mul(mean).Div(square.Sqrt().Mul(root).Add(tiny))).StoreSlice(x)
		x, g, m, v = x[lanes:], g[lanes:], m[lanes:], v[lanes:]
	}
	archsimd.ClearAVXUpperBits()
}
