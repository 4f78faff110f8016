/**
 * Passwords that attackers try first: from the top of lists of leaked passwords, and well-known phrases. In the form of
 * {@link simplified}. Repetitions and sequences are found by rule (password-policy.ts) and not listed.
 */
const LIST = `
password passwort passw0rd p4ssword p4ssw0rd pa55word pa55w0rd passwd pass mypass mypassword motdepasse contrasena
contraseña senha wachtwoord parola haslo salasana heslo jelszo kennwort geheim secret topsecret secretkey secreto
letmein letmeinnow welcome welcomeback willkommen bienvenue bienvenido benvenuto hello hallo hola bonjour goodbye
admin administrator root toor superuser sysadmin webmaster user username guest test tester testing testuser testpass
demo example sample default changeme changeit changethis replaceme temp temporary login logon access signin master
qwerty qwertz azerty qazwsx qweasd qweasdzxc asdzxc zaqwsx zaq12wsx xswzaq 1q2w3e 1q2w3e4r 1q2w3e4r5t 1qaz2wsx
q1w2e3r4 q1w2e3r4t5 zxcasdqwe iloveyou iloveu ilovegod iloveme ilovemyself loveyou loveme lovely love lover forever
sunshine princess prince dragon monkey football baseball basketball soccer hockey tennis golf cricket rugby superman
batman spiderman ironman captain wolverine pokemon pikachu naruto goku starwars skywalker yoda jedi startrek matrix
trustno1 shadow hunter hunter2 killer ninja samurai warrior knight wizard phoenix tiger lion eagle falcon panther
cowboy ranger harley mustang ferrari porsche mercedes corvette camaro yamaha suzuki toyota chevrolet jaguar maverick
michael jessica jennifer ashley nicole daniel thomas robert george charlie andrew jordan joshua matthew anthony
william richard joseph david james john steven peter patrick martin alexander maximilian christopher elizabeth
samantha amanda michelle melissa stephanie victoria hannah sophie isabella andrea patricia barbara margaret charlotte
summer winter spring autumn january february march april june july august september october november december
monday tuesday wednesday thursday friday saturday sunday birthday christmas easter halloween holiday vacation
chocolate cookie cheese banana orange apple cherry pepper ginger honey sugar candy coffee vanilla strawberry
blueberry pineapple buttercup butterfly flower rainbow angel angels heaven jesus jesuschrist jesus1 christ god bible
faith hope blessed genesis computer internet google facebook twitter instagram youtube microsoft windows linux ubuntu
debian android samsung iphone apple123 nintendo playstation xbox minecraft fortnite roblox counterstrike warcraft
whatever nothing blink182 eminem metallica nirvana slipknot beatles liverpool arsenal chelsea manchester barcelona
realmadrid juventus bayern dortmund yankees cowboys lakers redsox steelers eagles america american england london
paris berlin moscow newyork texas california florida brazil mexico canada australia freedom liberty justice peace
abc123 abcd1234 a1b2c3 a1b2c3d4 aa123456 pass123 pass1234 password1 password12 password123 admin123 root123 test123
123qwe qwe123 qwerty1 qwerty12 qwerty123 qwerty1234 welcome1 welcome123 letmein1 letmein123 monkey123 dragon123
iloveyou1 iloveyou2 princess1 sunshine1 football1 charlie1 master123 hello123 secret123 changeme123 p455w0rd
jwt jwttoken jsonwebtoken token mytoken accesstoken refreshtoken bearertoken secrettoken signingkey privatekey
correcthorsebatterystaple correcthorsebatterystapler correcthorsebattery troubador3 tr0ub4dor3 troubadour
thisismypassword thisisapassword thisisasecret thisismysecret thisispassword thisisnotapassword mypasswordispassword
passwordispassword mypasswordissecure notmypassword yourpassword yourpasswordhere insertpasswordhere enterpassword
enteryourpassword typeyourpassword passwordgoeshere putpasswordhere nopassword noneofyourbusiness idontknow
idontremember iforgotmypassword forgotpassword forgottenpassword resetmypassword rememberme rememberthis
defaultpassword temporarypassword initialpassword masterpassword adminpassword administratorpassword rootpassword
databasepassword userpassword testpassword testingpassword demopassword samplepassword examplepassword
supersecretpassword supersecret superdupersecret verysecretpassword verysecret verysecure verysecurepassword
verystrongpassword strongpassword securepassword secretpassword safepassword longpassword verylongpassword
averylongpassword alongpassword reallylongpassword averylongandsecurepassword newpassword oldpassword goodpassword
badpassword weakpassword simplepassword easypassword randompassword uniquepassword complexpassword bestpasswordever
mynewpassword mysecretpassword mylongpassword mysuperpassword mystrongpassword mysecurepassword
pleasechangeme pleasechangethis changemeplease changemenow changemelater changethispassword changeyourpassword
mustchangeme mustbechanged tobechanged changeonfirstlogin letmeinplease pleaseletmein justletmein openthedoor
opensesame opensaysme abracadabra hocuspocus alohomora expectopatronum speakfriendandenter youshallnotpass
maytheforcebewithyou theforceiswithyou maythefourthbewithyou iamyourfather lukeiamyourfather beammeupscotty
livelongandprosper resistanceisfutile openthepodbaydoors openthepodbaydoorshal illbeback hastalavistababy
allyourbasearebelongtous winteriscoming thewallsarefalling valarmorghulis iamironman iambatman withgreatpower
thequickbrownfox thequickbrownfoxjumps thequickbrownfoxjumpsoverthelazydog quickbrownfox loremipsum loremipsumdolor
loremipsumdolorsitamet tobeornottobe tobeornottobethatisthequestion onceuponatime happilyeverafter callmeishmael
itwasthebestoftimes inthebeginning inthebeginningwastheword thelordismyshepherd jesuslovesme jesusismylord
godisgreat godislove godisgood ingodwetrust godblessamerica supercalifragilisticexpialidocious
hakunamatata letitgo nevergonnagiveyouup nevergonnaletyoudown bohemianrhapsody stairwaytoheaven hotelcalifornia
smellsliketeenspirit wearethechampions yellowsubmarine herecomesthesun imagineallthepeople dontworrybehappy
youllneverwalkalone iloveyousomuch iloveyouforever iloveyoubaby iloveyouverymuch iloveyoumorethan iwillalwaysloveyou
iloveyoumom iloveyoumum iloveyoudad iloveyouall iloveyoualways iloveyoutoo ilovemyfamily ilovemykids ilovemymom
ilovemywife ilovemyhusband ilovemydog ilovemycat ilovemylife ilovechocolate lovelovelove truelove loveislove
bestfriendsforever friendsforever bestfriends happybirthday happynewyear merrychristmas goodmorning goodnight
howareyou howareyoutoday whatsup whatever123 whocares helloworld hellothere hellokitty goodluck sayhello
manchesterunited manchestercity fcbarcelona realmadridcf newyorkyankees newyorkcity unitedstates unitedstatesofamerica
unitedkingdom losangeles sanfrancisco harrypotter hermionegranger lordoftherings gameofthrones breakingbad
spongebobsquarepants leagueoflegends worldofwarcraft callofduty grandtheftauto minecraftminecraft superstar
supermanbatman chickennuggets peanutbutter peanutbutterjelly strawberryshortcake chocolatecake icecream
qwertyuiopasdfghjklzxcvbnm 1qaz2wsx3edc 1qaz2wsx3edc4rfv 1qaz2wsx3edc4rfv5tgb zaq1xsw2cde3 zaq1xsw2cde3vfr4
q1w2e3r4t5y6 q1w2e3r4t5y6u7i8 q1w2e3r4t5y6u7i8o9p0 1q2w3e4r5t6y 1q2w3e4r5t6y7u8i 1q2w3e4r5t6y7u8i9o0p
a1b2c3d4e5f6g7h8 a1s2d3f4g5h6j7k8 abcdefg1234567 abcdefgh12345678 abc123def456ghi789 qwerty1234567890
qwertyuiop1234567890 1234567890qwertyuiop asdfghjkl123456 passw0rdpassw0rd p4ssw0rdp4ssw0rd 123456789qwertyuiop
`;

const COMMON: ReadonlySet<string> = new Set(LIST.trim().split(/\s+/));

/** @param text as {@link simplified} gives it */
export function isCommonPassword(text: string): boolean {
  return COMMON.has(text);
}

/** A password without what people add to a common one: lower case, letters and digits only. */
export function simplified(password: string): string {
  return password.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
