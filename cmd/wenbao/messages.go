package main

// messages are the program's own words in one language. Where a field has verbs,
// all languages have the same ones in the same order. Printed words and the
// sentences of answers are not among them: they are Chinese in every language.
type messages struct {
	// Lang is the language.
	Lang string

	// Flags.
	FlagLang       string
	FlagJSON       string
	FlagData       string
	FlagCorpus     string
	FlagGazetteer  string
	FlagNewspaper  string
	FlagDate       string
	FlagEdition    string
	FlagPlace      string
	FlagPeriod     string
	FlagKind       string
	FlagSince      string
	FlagUntil      string
	FlagPaper      string
	FlagArticle    string
	FlagK          string
	FlagExplain    string
	FlagSort       string
	FlagSystem     string
	FlagQueries    string
	FlagQuestions  string
	FlagHoldout    string
	FlagEvalCorpus string
	FlagBench      string
	FlagRows       string

	// Usage errors; UsageHint ends each.
	UsageHint       string
	UnknownCommand  string
	NoCommand       string
	UnknownFlag     string
	FlagNeedsValue  string
	BadFlagValue    string
	BadLang         string
	BadDate         string
	BadPeriod       string
	BadKind         string
	BadSort         string
	BadK            string
	BadEdition      string
	MetaNeedsCorpus string
	StdinTwice      string
	CorpusOrData    string
	NoQuestion      string
	NoQuery         string
	NoQuote         string
	NoID            string
	NoPaths         string
	TooManyArgs     string
	QuoteTooShort   string
	NoHelpTopic     string
	NoEvalKind      string
	EvalNeeds       string
	EvalNoSets      string
	BadSystem       string

	// Errors with exit code 3.
	NoLibrary       string
	NewerLibrary    string
	Locked          string
	LockedByUnknown string
	DamagedLibrary  string
	DamagedRecord   string
	NoHome          string

	// Errors with exit code 1, and 130.
	Interrupted  string
	NoSuchID     string
	AmbiguousID  string
	DiskFull     string
	NoPermission string
	Unexpected   string
	NothingRead  string
	BadLine      string
	BadLineField string
	EmptyLine    string
	LineTooLong  string
	BadGazetteer string

	// Problems with files: the path, the line, what is wrong.
	ProblemInFile  string
	ProblemAtLine  string
	FileEmpty      string
	FileBinary     string
	FileTooLarge   string
	FileCharset    string
	FileFormat     string
	LineFormat     string
	FileLoop       string
	FileTruncated  string
	FileDate       string
	FilePermission string
	FileMissing    string
	FileOther      string

	// Notes beside the output.
	BuildingIndex string
	EvalProgress  string
	DamagedFile   string
	IndexDamaged  string
	IndexNotice   string

	// ingest.
	ReadingFiles   string
	Indexing       string
	IngestFiles    string
	IngestArticles string
	IngestTotal    string

	// Sources.
	Title         string
	TitleMade     string
	ContinuedFrom string
	ContinuedOn   string
	DateInferred  string
	Page          string
	Bracketed     string
	KindResult    string
	KindPlan      string
	KindStatement string
	ListComma     string
	AndMore       string

	// Answers.
	NothingFound   string
	Coverage       string
	CoveragePapers string
	CoveragePlaces string
	NoDates        string
	FromTo         string
	HitLine        string
	Contribution   string
	QueryRead      string
	QueryTopic     string
	QueryWording   string
	QueryPlaces    string
	QueryUnknown   string
	QueryPeriods   string
	QueryKind      string
	QuerySpeaker   string

	// articles, verify.
	ArticleSize    string
	ArticleCount   string
	VerifyFound    string
	VerifyNotFound string
	VerifyNear     string
	VerifyUnread   string
	VerifyDiff     string

	// chat.
	ChatPrompt    string
	ChatWelcome   string
	ChatHelp      string
	ChatReset     string
	ChatNoSources string
	ChatUnknown   string

	// Settings.
	FlagConfig        string
	FlagModel         string
	FlagModelURL      string
	FlagEmbedder      string
	FlagEmbedderURL   string
	FlagReranker      string
	FlagRerankerModel string
	FlagTimeLimit     string
	FlagLog           string
	FlagNoCache       string
	FlagShowQuery     string
	WrongAt           string
	FileLine          string
	ConfigSyntax      string
	ConfigUnknown     string
	ConfigSecret      string
	ConfigValue       string
	ConfigDefault     string
	ConfigNone        string
	BadModel          string
	ModelNeedsURL     string
	BadURL            string
	BadKey            string
	NoKeyFile         string
	OpenKeyFile       string
	BadTimeLimit      string
	BadNumber         string
	BadTruth          string
	WordsOnly         string
	EmbedderFailed    string

	// Answers of a model.
	WrittenBy      string
	RemovedByCheck string

	// bot.
	FlagTelegramURL    string
	FlagTelegramRate   string
	FlagWebhook        string
	FlagListen         string
	FlagListenAdmin    string
	FlagAdmins         string
	FlagAllow          string
	FlagBlock          string
	FlagUserRate       string
	FlagChatRate       string
	FlagModelPerDay    string
	FlagQuestionLimit  string
	FlagWorkers        string
	FlagQueue          string
	FlagGrace          string
	FlagHistory        string
	FlagKeep           string
	FlagMaintenance    string
	NoToken            string
	BadToken           string
	TokenRefused       string
	BotReached         string
	BotUnreached       string
	BadSecret          string
	BadWebhook         string
	WebhookNeedsListen string
	ListenNeedsWebhook string
	BadListen          string
	BadID              string
	BadSpan            string
	BotRunning         string
	BotFileDamaged     string
	BotFileNewer       string
	CannotListen       string
	BotPolls           string
	BotListens         string

	// doctor.
	DoctorLibrary      string
	DoctorIndexCurrent string
	DoctorIndexStale   string
	DoctorIndexDamaged string
	DoctorServer       string
	DoctorLine         string
	DoctorGood         string
	DoctorBad          string
	DoctorNothing      string
	PartLibrary        string
	PartIndex          string
	PartBot            string
	PartModel          string
	PartEmbedder       string
	PartReranker       string
	AspectReachable    string
	AspectPresent      string
	AspectContext      string
	AspectFirstToken   string
	AspectDimensions   string
	AspectScores       string
	ContextTokens      string
	ContextUnknown     string
	Dimensions         string
	PullModel          string
	ServerHas          string
	StartOllama        string
	FaultUnauthorized  string
	FaultNoModel       string
	FaultNotFound      string
	FaultRequest       string
	FaultServer        string
	FaultBusy          string
	FaultContext       string
	FaultTimeout       string
	FaultUnreachable   string
	FaultCut           string
	FaultMalformed     string
	FaultEmpty         string
	FaultTooLong       string
	FaultDim           string
	FaultOther         string

	// help.
	HelpFlags string
}

// catalogue gives the words of a language, English for one there is not.
func catalogue(lang string) messages {
	if lang == langZH {
		return chinese()
	}
	return english()
}
