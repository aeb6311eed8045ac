//go:build !goexperiment.simd || !amd64

package train

import "math"

// dot is the sum of a[i]*b[i], of eight sums that are added up in pairs. The
// lengths are equal and a multiple of 8. The conversions keep products from being
// fused with sums, so that every machine gets the same.
func dot(a, b []float32) float32 {
	var s0, s1, s2, s3, s4, s5, s6, s7 float32
	for len(a) >= lanes && len(b) >= lanes {
		s0 += float32(a[0] * b[0])
		s1 += float32(a[1] * b[1])
		s2 += float32(a[2] * b[2])
		s3 += float32(a[3] * b[3])
		s4 += float32(a[4] * b[4])
		s5 += float32(a[5] * b[5])
		s6 += float32(a[6] * b[6])
		s7 += float32(a[7] * b[7])
		a, b = a[lanes:], b[lanes:]
	}
	return ((s0 + s4) + (s1 + s5)) + ((s2 + s6) + (s3 + s7))
}

// dot4 is dot of a with four rows that lie one after the other in b.
func dot4(a, b []float32, out *[4]float32) {
	dim := len(a)
	for i := range out {
		out[i] = dot(a, b[i*dim:(i+1)*dim])
	}
}

// addScaled adds scale*src to dst.
func addScaled(dst, src []float32, scale float32) {
	for len(dst) >= lanes && len(src) >= lanes {
		dst[0] += float32(scale * src[0])
		dst[1] += float32(scale * src[1])
		dst[2] += float32(scale * src[2])
		dst[3] += float32(scale * src[3])
		dst[4] += float32(scale * src[4])
		dst[5] += float32(scale * src[5])
		dst[6] += float32(scale * src[6])
		dst[7] += float32(scale * src[7])
		dst, src = dst[lanes:], src[lanes:]
	}
}

// adam moves the values of a row against their gradient: see rate.
func adam(x, g, m, v []float32, r rate) {
	for i, grad := range g {
		mean := float32(decayMean*m[i]) + float32((1-decayMean)*grad)
		square := float32(decaySquare*v[i]) + float32((1-decaySquare)*float32(grad*grad))
		m[i], v[i] = mean, square
		root := float32(math.Sqrt(float64(square)))
		x[i] -= float32(r.step*mean) / (float32(root*r.root) + epsilon)
	}
}
