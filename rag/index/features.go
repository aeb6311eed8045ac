package index

// Features are what a passage that was read is judged by.
type Features [NumFeatures]float64

// The features. Scores are by the best one's of all candidates; a share is of the
// weights of the question's grams, pairs of characters, by how rare they are. With
// what is printed above it means the headline and the headings.
const (
	WordScore       = iota // score by words
	BigramScore            // by bigrams
	ArticleScore           // by both, of the whole article
	DenseScore             // cosine, times what vectors count: see denseWeight
	Cosine                 // the cosine itself
	GramsInHeadings        // share in what is printed above it
	TitleSaid              // how much of the headline was said: see question.titleSaid
	GramsInPassage         // share in it with what is printed above it; earlier turns count too
	WordsSaid              // what the words that its article says count for: see question.evidence
	WordsLacking           // what those that it lacks count for
	MissingWord            // weight of the rarest word that it lacks, by the most there is
	GramsInSentence        // the best share in a sentence with what is printed above it
	GivesForm              // a sentence has the form of what is asked for, by its share
	Late                   // how far behind the beginning of its article it stands, as a logarithm
	LongArticle            // length of its article, as a logarithm
	PlaceFits              // 1 for speaking for a place asked for, 0.5 for naming one
	PeriodFits             // 1 for speaking of a year asked for, -1 for speaking of others alone
	KindFits               // 1 for being of the kind asked for
	SpeakerFits            // 1 for the speaker asked for
	// NumFeatures is their number.
	NumFeatures
)

// FeatureNames are the names of the features, in their order, as Hit.Why has them.
func FeatureNames() []string {
	return []string{
		"words", "bigrams", "article", "dense", "cosine", "heading", "title", "passage", "said", "lacking",
		"missing", "sentence", "form", "late", "long", "place", "period", "kind", "speaker",
	}
}

// Facets are what the features of facets weigh beside each other. Hardly a question
// of the published sets names a place or a year of a collection, so that only one
// weight for all of them can be learned.
func Facets() Features {
	return Features{PlaceFits: placeBoost, PeriodFits: periodBoost, KindFits: kindBoost, SpeakerFits: speakerBoost}
}
