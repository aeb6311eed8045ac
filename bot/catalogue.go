package bot

// catalogue are the bot's own words in one language. Where a field has verbs, all
// languages have the same ones in the same order. Printed words, the sentences of
// answers and suggested questions are not among them: they are Chinese in every
// language, as the papers are.
type catalogue struct {
	// Lang is the language.
	Lang string

	// The menu of commands: a line for each.
	AboutAsk         string
	AboutSearch      string
	AboutVerify      string
	AboutPlace       string
	AboutPeriod      string
	AboutSources     string
	AboutShow        string
	AboutReset       string
	AboutStop        string
	AboutLang        string
	AboutHelp        string
	AboutPrivacy     string
	AboutForget      string
	AboutStart       string
	AboutStats       string
	AboutReload      string
	AboutMaintenance string

	// Getting to know each other.
	Welcome     string
	ForInstance string
	Greeting    string
	Help        string
	InlineHelp  string
	MentionMe   string
	CannotRead  string

	// How to use a command that was given nothing, or something it cannot read.
	AskUsage         string
	SearchUsage      string
	VerifyUsage      string
	ShowUsage        string
	PlaceUsage       string
	PeriodUsage      string
	LangUsage        string
	MaintenanceUsage string
	UnknownCommand   string
	AdminPrivate     string // to an admin in a group

	// Turned away, or gone wrong.
	NotAllowed  string
	Maintenance string
	TooFast     string
	TooLong     string
	QuotaSpent  string
	Busy        string
	Trouble     string
	Stale       string
	PassageGone string

	// Answers.
	Asked          string
	NothingFound   string
	WrittenBy      string
	RemovedByCheck string
	Stopped        string
	StoppedHalfway string
	StopDone       string
	StopNothing    string
	Coverage       string
	CoveragePapers string
	CoveragePlaces string
	CoverageYears  string
	CoverageBrief  string
	NoDates        string
	FromTo         string
	AndMore        string

	// Sources.
	Number         string
	Title          string
	TitleMade      string
	ContinuedFrom  string
	ContinuedOn    string
	DateInferred   string
	Page           string
	Bracketed      string
	KindResult     string
	KindPlan       string
	KindStatement  string
	ListComma      string
	Year           string
	FromYearToYear string
	PassageID      string
	SourcesOf      string
	NoSources      string
	NoSuchSource   string
	NoSuchID       string
	AmbiguousID    string

	// Buttons, and what is said when one was pressed.
	Previous      string
	Next          string
	MoreSources   string
	Footnote      string
	Fold          string
	Unfold        string
	Related       string
	Suggest       string
	MoreToAsk     string
	NoneRelated   string
	Good          string
	Bad           string
	Chosen        string
	OpinionKept   string
	ClearFilter   string
	AskUnfiltered string
	AnyPlace      string
	AnyYear       string

	// The standing filter.
	NoFilter         string
	FilterNow        string
	FilterSet        string
	FilterCleared    string
	FilterInTheWay   string
	BadPeriod        string
	UnknownPlace     string
	UnknownPlaceNear string

	// /search.
	Found       string
	SortByDate  string
	SortByScore string

	// /verify.
	VerifyFound   string
	FirstOf       string
	VerifyNear    string
	VerifyNothing string
	QuoteTooShort string
	Printed       string
	Quoted        string

	// The conversation, and what is kept of it.
	ResetDone      string
	LangSet        string
	Privacy        string
	PrivacyModel   string
	PrivacyNoModel string
	PrivacyForget  string
	ForgetDone     string

	// Inline queries.
	InlineHint    string
	InlineNothing string
	InlineTooLong string
	InlineTrouble string

	// Documents.
	DocumentRefused    string
	DocumentPrivate    string
	DocumentType       string
	DocumentTooLarge   string
	ReadOnly           string
	LibraryBusy        string
	Reading            string
	Ingested           string
	IngestedNothing    string
	IngestedFragments  string
	IngestedDuplicates string
	AndArticles        string
	FileEmpty          string
	FileBinary         string
	FileTooLarge       string
	FileCharset        string
	FileFormat         string
	FileTruncated      string
	FileDate           string
	FileOther          string

	// For admins.
	StatsUpdates    string
	StatsAnswers    string
	StatsTimes      string
	StatsFaults     string
	StatsOpinions   string
	StatsCollection string
	NoModel         string
	ReloadDone      string
	ReloadSame      string
	ReloadFailed    string
	MaintenanceOn   string
	MaintenanceOff  string
}
